package dev.tokencache.audit;

import java.time.Instant;
import java.util.Objects;

/**
 * One line of the log. Immutable.
 *
 * @param time when it happened; of several, when the last one was counted
 * @param requestId what the answer's {@code X-Request-Id} says, or null for several requests
 * @param subject who, as a verified token says; null when nobody knows
 * @param tokenId the token's {@code jti}, by which it could be revoked; null when it has none or it is not known
 * @param address from where, numeric; of several the first one's
 * @param action what: the route, such as {@code tokens/add}
 * @param project a valid name, or null
 * @param filename a valid name, or null
 * @param result {@code ok}, {@code begun}, or the machine name of a failure
 * @param count how many times, at least 1
 * @param since when the first of several happened; null for one
 */
public record AuditEvent(
        Instant time,
        String requestId,
        String subject,
        String tokenId,
        String address,
        String action,
        String project,
        String filename,
        String result,
        long count,
        Instant since) {
    /** The result of what went well. */
    public static final String OK = "ok";

    /** The result of what is about to be done. */
    public static final String BEGUN = "begun";

    public AuditEvent {
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(action, "action");
        Objects.requireNonNull(result, "result");
    }

    /** The same with another result, at another time. */
    public AuditEvent ended(Instant now, String how) {
        return new AuditEvent(now, requestId, subject, tokenId, address, action, project, filename, how, count, since);
    }

    /** The same for another file. */
    public AuditEvent of(String otherProject, String otherFilename) {
        return new AuditEvent(
                time, requestId, subject, tokenId, address, action, otherProject, otherFilename, result, count, since);
    }

    /** No names: it may get into a log of another kind. */
    @Override
    public String toString() {
        return "AuditEvent[" + action + " " + result + "]";
    }
}
