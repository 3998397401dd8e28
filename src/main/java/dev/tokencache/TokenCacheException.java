package dev.tokencache;

import java.util.Objects;

/**
 * A failure of the closed set, as an exception. Its message is the machine name and nothing else, and it has no stack
 * trace: it is an answer, not a defect, and may be created a hundred thousand times a second.
 */
public class TokenCacheException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Failure failure;

    /** @param failure what went wrong, not null */
    public TokenCacheException(Failure failure) {
        super(Objects.requireNonNull(failure).machineName(), null, false, false);
        this.failure = failure;
    }

    /** What went wrong; never null. */
    public final Failure failure() {
        return failure;
    }
}
