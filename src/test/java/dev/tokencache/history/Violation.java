package dev.tokencache.history;

/**
 * An answer that breaks a rule.
 *
 * @param text what was seen, when, and what it must not be older than; no value is in it
 */
record Violation(Rule rule, String text) {
    @Override
    public String toString() {
        return rule + ": " + text;
    }
}
