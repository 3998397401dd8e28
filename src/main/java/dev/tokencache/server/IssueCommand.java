package dev.tokencache.server;

import dev.tokencache.TokenKey;
import dev.tokencache.auth.JwtIssuer;
import dev.tokencache.auth.Scope;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Mints a bearer token with the configured key; prints the token and nothing else on standard output. */
@Command(
        name = "issue",
        description = "Mints a bearer token (JWT) with the configured key and prints it.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class IssueCommand implements Callable<Integer> {
    private static final int MAX_SUBJECT = 256;

    private final RootCommand root;

    @Option(
            names = "--scope",
            paramLabel = "SCOPES",
            required = true,
            description = "What it grants: out of tokens:list tokens:read tokens:write cache:admin stats:read"
                    + " metrics:read, separated by spaces; repeatable.")
    List<String> scopes;

    @Option(
            names = "--project",
            paramLabel = "NAME",
            description =
                    "A project it is good for, or '*' for all; repeatable. Without: none, only what has no project.")
    List<String> projects = List.of();

    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "How long it is good for. Default: 1h.")
    String ttl;

    @Option(
            names = "--subject",
            paramLabel = "NAME",
            defaultValue = "operator",
            description = "Whom it is for; the audit log names it. Default: operator.")
    String subject;

    @Spec
    CommandSpec spec;

    IssueCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws Exception {
        Set<Scope> granted = parseScopes();
        Set<String> named = parseProjects();
        Duration lifetime = parseTtl();
        if (subject.isBlank()
                || subject.length() > MAX_SUBJECT
                || subject.chars().anyMatch(Character::isISOControl)) {
            throw refusal("--subject needs 1 to " + MAX_SUBJECT + " characters in one line");
        }
        ServerConfig config = root.load();
        Duration most = config.auth().maxLifetime();
        if (lifetime.compareTo(most) > 0) {
            throw refusal("--ttl must be at most auth.maxLifetime, which is " + ValueTypes.format(most));
        }
        Signer signer = Signer.find(config, root.environment());
        spec.commandLine().getOut().println(signer.issue(subject, granted, named, lifetime, root.clock()));
        return CommandLine.ExitCode.OK;
    }

    private Set<Scope> parseScopes() {
        Set<Scope> granted = EnumSet.noneOf(Scope.class);
        for (String name : String.join(" ", scopes).trim().split("\\s+", -1)) {
            Scope scope = Scope.named(name);
            if (scope == null) {
                String known =
                        Arrays.stream(Scope.values()).map(Scope::wireName).collect(Collectors.joining(" "));
                throw refusal("--scope: '" + RawValue.printable(name) + "' is none of " + known);
            }
            granted.add(scope);
        }
        return granted;
    }

    private Set<String> parseProjects() {
        for (String name : projects) {
            if (!name.equals(JwtIssuer.ALL_PROJECTS) && !TokenKey.isProject(name)) {
                throw refusal("--project: '" + RawValue.printable(name) + "' is no name of a project");
            }
        }
        return new LinkedHashSet<>(projects);
    }

    private Duration parseTtl() {
        Duration lifetime = ValueTypes.parseDuration(ttl);
        if (lifetime == null || lifetime.toSeconds() < 1) {
            throw refusal("--ttl needs a duration of at least 1s, such as 30m, 1h or 7d");
        }
        return lifetime;
    }

    private ParameterException refusal(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
