package dev.tokencache.server;

import java.util.List;

/** The configuration can't be used; holds everything that is wrong with it, at least one problem. */
final class ConfigException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<ConfigProblem> problems;

    ConfigException(List<ConfigProblem> problems) {
        super(problems.size() + " problems in the configuration");
        this.problems = List.copyOf(problems);
    }

    /** In the order file, environment, command line; unmodifiable. */
    List<ConfigProblem> problems() {
        return problems;
    }
}
