package dev.tokencache.http;

import dev.tokencache.TokenFile;
import dev.tokencache.audit.AuditEvent;
import dev.tokencache.audit.AuditLog;
import dev.tokencache.audit.AuditOptions;
import dev.tokencache.auth.Caller;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;

/** What of requests gets into the audit log: one for all HTTP instances of a process. For any thread. */
public final class AuditTrail {
    /** How many refusals of one sender, route and reason are logged by themselves in a minute; the rest is counted. */
    static final int SINGLE_REFUSALS = 20;

    /** No log at all. */
    public static final AuditTrail NONE = new AuditTrail(null, AuditOptions.Reads.NONE, false, Clock.systemUTC());

    private static final String GET = "tokens/get";

    private final AuditLog log;
    private final AuditOptions.Reads reads;
    private final boolean required;
    private final Clock clock;

    private AuditTrail(AuditLog log, AuditOptions.Reads reads, boolean required, Clock clock) {
        this.log = log;
        this.reads = reads;
        this.required = required;
        this.clock = clock;
    }

    /**
     * The process's one.
     *
     * @param log opened with these options
     */
    public AuditTrail(AuditLog log, AuditOptions options, Clock clock) {
        this(log, options.getReads(), options.isRequired(), clock);
    }

    /** What is written of one request. */
    RequestAudit begin(Route route, HttpServerRequest request, String path, Access access) {
        return new RequestAudit(this, route, request, path, access);
    }

    /** Whether a read needs more than {@link #countRead}: then it goes the long way. */
    boolean readsNeedMore() {
        return reads == AuditOptions.Reads.ALL || (required && reads != AuditOptions.Reads.NONE && !log.isWritable());
    }

    /** Counts a read of a value, if that is wanted. */
    void countRead(Caller caller, HttpServerRequest request, Access access, TokenFile file) {
        if (reads == AuditOptions.Reads.SUMMARY) {
            countRead(
                    caller,
                    file.key(),
                    () -> new AuditEvent(
                            clock.instant(),
                            null,
                            caller.subject(),
                            caller.jti(),
                            access.address(request).toString(),
                            GET,
                            file.project(),
                            file.filename(),
                            AuditEvent.OK,
                            1,
                            null));
        }
    }

    void countRead(Caller caller, String key, Supplier<AuditEvent> event) {
        log.countRead(new Read(caller.subject(), key), event);
    }

    /**
     * What makes reads one kind.
     *
     * @param key of the file; the cache's own text if it can be had, which is near in memory and equal at a glance
     */
    private record Read(String subject, String key) {}

    /** Counts a refusal; the first ones of a minute are logged by themselves. */
    void countRefusal(Object sender, AuditEvent event) {
        log.countRefusal(new Refusal(sender, event.action(), event.result()), () -> event, SINGLE_REFUSALS);
    }

    /** What makes refusals one kind. */
    private record Refusal(Object sender, String action, String result) {}

    boolean isOn() {
        return log != null;
    }

    boolean isRequired() {
        return required;
    }

    AuditOptions.Reads reads() {
        return reads;
    }

    boolean isWritable() {
        return log.isWritable();
    }

    Clock clock() {
        return clock;
    }

    void note(AuditEvent event) {
        log.note(event);
    }

    Future<Void> write(List<AuditEvent> events) {
        return log.write(events);
    }
}
