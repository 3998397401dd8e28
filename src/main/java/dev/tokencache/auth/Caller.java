package dev.tokencache.auth;

import java.util.Set;

/**
 * Who sent a request and what that one may do: the content of a verified bearer token. Immutable.
 *
 * @param subject the {@code sub} claim, empty if there is none; never null
 * @param scopes what is granted; unknown words of the claim are left out
 * @param projects the exact names of the projects it is granted for; empty if {@code allProjects}
 * @param allProjects whether it is granted for every project, those that come later included
 * @param expiresAt when it ends, in seconds since 1970; at that second it is over
 * @param jti the token's id, or null if it has none
 */
public record Caller(
        String subject, Set<Scope> scopes, Set<String> projects, boolean allProjects, long expiresAt, String jti) {
    public Caller {
        scopes = Set.copyOf(scopes);
        projects = Set.copyOf(projects);
    }

    /** Whether the scope is granted. */
    public boolean may(Scope scope) {
        return scopes.contains(scope);
    }

    /** Whether the grants are for this project: exact match; false for null. */
    public boolean mayProject(String project) {
        return project != null && (allProjects || projects.contains(project));
    }

    /** Numbers only: a subject is often an e-mail. */
    @Override
    public String toString() {
        return "Caller[" + scopes.size() + " scopes, " + (allProjects ? "all" : projects.size()) + " projects]";
    }
}
