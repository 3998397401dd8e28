package dev.tokencache.http;

import dev.tokencache.Failure;
import dev.tokencache.TokenKey;
import dev.tokencache.audit.AuditEvent;
import dev.tokencache.audit.AuditOptions.Reads;
import dev.tokencache.auth.Caller;
import dev.tokencache.auth.Scope;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** What the audit log gets to know of one request: a write, a refusal, a read of values, or nothing. */
final class RequestAudit {
    private final AuditTrail trail;
    private final Route route;
    private final HttpServerRequest request;
    private final String path;
    private final Access access;
    private final String id;
    private Caller caller;
    private Exchange exchange;
    private boolean allowed;

    RequestAudit(AuditTrail trail, Route route, HttpServerRequest request, String path, Access access) {
        this.trail = trail;
        this.route = route;
        this.request = request;
        this.path = path;
        this.access = access;
        id = RequestId.of(request);
    }

    /** Routes that need no token are open to all: nothing of them is logged. */
    private boolean isWanted() {
        return trail.isOn() && route.scope() != null;
    }

    private boolean isWrite() {
        return route.isChange();
    }

    /** Who it turned out to be. */
    void knownAs(Caller who) {
        caller = who;
    }

    /** What it asks for. */
    void parsed(Exchange asked) {
        exchange = asked;
    }

    /**
     * Does what was asked for, which the caller may, and logs it. Where the log is required, a write is announced in it before it is done, and a
     * read is in it before its reply is made: if it can't be, this fails with {@link Failure#AUDIT_UNWRITABLE}.
     */
    Future<Reply> perform(Supplier<Future<Reply>> action) {
        allowed = true;
        if (route.body() == Route.Body.LINES) {
            return action.get(); // which logs each file by itself
        }
        if (isWanted() && isWrite()) {
            return write(action);
        }
        if (isWanted() && Scope.TOKENS_READ.equals(route.scope())) {
            return read(action);
        }
        return action.get();
    }

    private Future<Reply> write(Supplier<Future<Reply>> action) {
        return announced(() -> event(AuditEvent.BEGUN))
                .compose(done -> action.get())
                .onSuccess(reply -> touchedOr(event(AuditEvent.OK)).forEach(trail::note));
    }

    /** Where the log is required, a write is in it before it is done. */
    private Future<Void> announced(Supplier<AuditEvent> begun) {
        return trail.isRequired() ? trail.write(List.of(begun.get())) : Future.succeededFuture();
    }

    private Future<Reply> read(Supplier<Future<Reply>> action) {
        if (!canLogReads()) {
            return Future.failedFuture(Failure.AUDIT_UNWRITABLE.exception());
        }
        return action.get().compose(reply -> wereRead(exchange.touched()).map(reply));
    }

    private boolean canLogReads() {
        return trail.reads() != Reads.SUMMARY || !trail.isRequired() || trail.isWritable();
    }

    /**
     * Does one of the writes of a request that has many, and logs it. Fails with {@link Failure#AUDIT_UNWRITABLE}, and nothing is
     * done, when it had to be announced and could not be.
     */
    <T> Future<T> performOn(TokenKey key, Supplier<Future<T>> write) {
        if (!isWanted()) {
            return write.get();
        }
        return announced(() -> event(AuditEvent.BEGUN, key))
                .compose(announced -> write.get()
                        .onSuccess(result -> trail.note(event(AuditEvent.OK, key)))
                        .onFailure(cause -> trail.note(event(Failure.of(cause).machineName(), key))));
    }

    private AuditEvent event(String result, TokenKey key) {
        return event(result).of(key.project(), key.filename());
    }

    /**
     * Logs that values were read, before they are sent. Fails with {@link Failure#AUDIT_UNWRITABLE} when that has to be and could
     * not be.
     */
    Future<Void> wereRead(List<TokenKey> keys) {
        if (!isWanted() || trail.reads() == Reads.NONE || keys.isEmpty()) {
            return Future.succeededFuture();
        }
        if (!canLogReads()) {
            return Future.failedFuture(Failure.AUDIT_UNWRITABLE.exception());
        }
        AuditEvent read = event(AuditEvent.OK);
        if (trail.reads() == Reads.SUMMARY) {
            keys.forEach(key -> trail.countRead(caller, key.toString(), () -> read.of(key.project(), key.filename())));
        } else if (trail.isRequired()) {
            return trail.write(of(read, keys));
        } else {
            of(read, keys).forEach(trail::note);
        }
        return Future.succeededFuture();
    }

    private static List<AuditEvent> of(AuditEvent event, List<TokenKey> keys) {
        return keys.stream().map(key -> event.of(key.project(), key.filename())).toList();
    }

    /** One for each file that was found to be meant, or the one with the names of the request. */
    private List<AuditEvent> touchedOr(AuditEvent event) {
        return exchange.touched().isEmpty() ? List.of(event) : of(event, exchange.touched());
    }

    /**
     * Logs a request that failed: refusals, and writes that were allowed and went wrong. A malformed write is refused before
     * anybody has asked for the caller's rights, so it is counted like a refusal: who may do nothing must not fill the log.
     */
    void failed(Failure failure) {
        if (!isWanted()) {
            return;
        }
        if (failure == Failure.UNAUTHORIZED || failure == Failure.THROTTLED) {
            trail.countRefusal(access.address(request).network(), event(failure.machineName()));
        } else if (failure == Failure.FORBIDDEN || (isWrite() && caller != null && !allowed)) {
            trail.countRefusal(caller.subject(), event(failure.machineName()));
        } else if (isWrite() && caller != null) {
            trail.note(event(failure.machineName()));
        }
    }

    private AuditEvent event(String result) {
        String project = text("project");
        String filename = text("filename");
        return new AuditEvent(
                Instant.ofEpochMilli(trail.clock().millis()),
                id,
                caller == null ? null : caller.subject(),
                caller == null ? null : caller.jti(),
                access.address(request).toString(),
                route.name(),
                TokenKey.isProject(project) ? project : null,
                TokenKey.isFilename(filename) ? filename : null,
                result,
                1,
                null);
    }

    /** What the request says, as far as it was read and is not malformed. */
    private String text(String name) {
        try {
            if (exchange != null) {
                return exchange.text(name);
            }
            String segment = route.path().parameters(path).get(name);
            return segment != null
                    ? segment
                    : QueryParameters.parse(request.query()).get(name);
        } catch (RuntimeException e) {
            return null;
        }
    }
}
