package dev.tokencache.server;

/**
 * One thing that is wrong with the configuration, in words for the operator. It never holds a value that may be secret.
 *
 * @param path the key's path such as {@code http.port}, or null when it is about a whole file
 * @param text what is wrong and what is allowed
 * @param where the place: file, line and column, environment variable or option; null when there is none
 */
record ConfigProblem(String path, String text, String where) {
    @Override
    public String toString() {
        String what = path == null ? text : path + ": " + text;
        return where == null ? what : what + " (" + where + ")";
    }
}
