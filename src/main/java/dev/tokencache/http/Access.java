package dev.tokencache.http;

import dev.tokencache.Failure;
import dev.tokencache.auth.AddressRange;
import dev.tokencache.auth.Caller;
import dev.tokencache.auth.FailedLogins;
import dev.tokencache.auth.JwtGate;
import dev.tokencache.auth.PeerAddress;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Who may come in, and how often an address may try: one for all HTTP instances of a process. For any thread. */
public final class Access {
    private volatile JwtGate gate;
    private final FailedLogins failedLogins;
    private final ClientAddresses addresses;
    private final LongAdder missing = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder throttled = new LongAdder();

    /**
     * The process's one.
     *
     * @param gate who may; its owner keeps it fresh
     * @param trustedProxies whose word on where a request comes from counts
     */
    public Access(JwtGate gate, FailedLogins failedLogins, List<AddressRange> trustedProxies) {
        this.gate = gate;
        this.failedLogins = failedLogins;
        addresses = new ClientAddresses(trustedProxies);
    }

    /** From now on another gate says who may. The old one is its owner's to close. For any thread. */
    public void replace(JwtGate other) {
        gate = other;
    }

    /** From now on an address is throttled after so many bad credentials a minute. For any thread. */
    public void maxFailuresPerMinute(int most) {
        failedLogins.maxFailuresPerMinute(most);
    }

    /** Who sent it, if the token was accepted before; null otherwise. Takes a lookup, for throttled addresses too. */
    Caller remembered(HttpServerRequest request) {
        return gate.remembered(request.getHeader(HttpHeaders.AUTHORIZATION));
    }

    /**
     * Who sent it. Fails with {@link Failure#UNAUTHORIZED}, {@link Failure#THROTTLED} or {@link Failure#OVERLOADED}. A
     * refused credential counts against its address, a missing one does not.
     */
    Future<Caller> authenticate(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null) {
            missing.increment();
            return Future.failedFuture(Failure.UNAUTHORIZED.exception());
        }
        PeerAddress address = address(request);
        return gate.authenticate(header, () -> failedLogins.mayCheck(address)).onFailure(cause -> {
            Failure failure = Failure.of(cause);
            if (failure == Failure.UNAUTHORIZED) {
                refused.increment();
                failedLogins.failed(address);
            } else if (failure == Failure.THROTTLED) {
                throttled.increment();
            }
        });
    }

    /** How many requests came without a token. */
    public long missing() {
        return missing.sum();
    }

    /** How many requests came with a token that was refused. */
    public long refused() {
        return refused.sum();
    }

    /** How many requests were refused without a look at their token. */
    public long throttled() {
        return throttled.sum();
    }

    /**
     * Asks once more whether a token is accepted, in the middle of what takes long. Fails with {@link Failure#UNAUTHORIZED} only:
     * when that can't be told now it still counts.
     */
    Future<Void> stillAccepts(HttpServerRequest request) {
        return authenticate(request)
                .<Void>mapEmpty()
                .recover(cause -> Failure.of(cause) == Failure.UNAUTHORIZED
                        ? Future.failedFuture(cause)
                        : Future.succeededFuture());
    }

    /** From which address it came, as far as that can be trusted. */
    PeerAddress address(HttpServerRequest request) {
        return addresses.of(request);
    }
}
