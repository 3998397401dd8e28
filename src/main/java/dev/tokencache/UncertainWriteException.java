package dev.tokencache;

/**
 * A write or a removal that failed when it may have taken effect already: the new version may be there, and a crash may take it
 * back. A write that fails otherwise has left the old version as it was.
 */
public final class UncertainWriteException extends TokenCacheException {
    private static final long serialVersionUID = 1L;

    /** @param failure what went wrong, not null */
    public UncertainWriteException(Failure failure) {
        super(failure);
    }
}
