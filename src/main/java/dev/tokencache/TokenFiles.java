package dev.tokencache;

/**
 * The answers to {@link TokenKeys}, in their order: a token, null where there is none, or a failure. Filled once by its
 * maker and handed over; nobody changes it afterwards.
 */
public final class TokenFiles {
    static final TokenFiles MALFORMED = new TokenFiles(0);

    private static final Object UNCACHED = new Object();

    private final Object[] answers;

    /** @param size how many answers there will be; all are absent until set */
    public TokenFiles(int size) {
        answers = new Object[size];
    }

    public int size() {
        return answers.length;
    }

    /** Sets an answer to a token, or to null for absent. */
    public void set(int index, TokenFile file) {
        answers[index] = file;
    }

    /** Sets an answer to a failure. */
    public void fail(int index, Failure failure) {
        answers[index] = failure;
    }

    /** Says that the key isn't in memory and was not loaded ({@link TokenKeys#cachedOnly}). */
    public void uncached(int index) {
        answers[index] = UNCACHED;
    }

    /** Whether the key was neither in memory nor loaded: a request of its own will load it. */
    public boolean isUncached(int index) {
        return answers[index] == UNCACHED;
    }

    /** The token, or null when it is absent or failed. */
    public TokenFile file(int index) {
        return answers[index] instanceof TokenFile file ? file : null;
    }

    /** The failure, or null when there is an answer. */
    public Failure failure(int index) {
        return answers[index] instanceof Failure failure ? failure : null;
    }
}
