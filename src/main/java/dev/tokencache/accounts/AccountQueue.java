package dev.tokencache.accounts;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who is next: the accounts that are free, in order, and those in use. An account in use that goes away stays in use until
 * it is released; if it has come back by then (tools replace files by deleting and creating them) it goes on, otherwise it is
 * forgotten. So nobody is ever given an account that another still uses. Not thread-safe.
 */
final class AccountQueue {
    private final LinkedHashSet<String> free = new LinkedHashSet<>();

    /** The accounts in use, and whether each still has a file. */
    private final Map<String, Boolean> used = new HashMap<>();

    /** An account is there: to the end if it is new, else nothing changes. */
    void add(String account) {
        if (used.replace(account, Boolean.TRUE) == null) {
            free.add(account);
        }
    }

    /** An account is gone. */
    void remove(String account) {
        free.remove(account);
        used.replace(account, Boolean.FALSE);
    }

    /**
     * These accounts are there, and no others. The known ones keep their place, the new ones go to the end in the order
     * given.
     *
     * @param except accounts of which something newer is known; they are left as they are
     */
    void relist(Collection<String> accounts, Set<String> except) {
        Set<String> there = new HashSet<>(accounts);
        for (String known : known()) {
            if (!there.contains(known) && !except.contains(known)) {
                remove(known);
            }
        }
        for (String account : accounts) {
            if (!except.contains(account)) {
                add(account);
            }
        }
    }

    private List<String> known() {
        Set<String> known = new HashSet<>(free);
        known.addAll(used.keySet());
        return List.copyOf(known);
    }

    /** Takes the first free account that is not excluded; those before it keep their places. */
    Optional<String> choose(Set<String> exclude) {
        for (Iterator<String> accounts = free.iterator(); accounts.hasNext(); ) {
            String account = accounts.next();
            if (!exclude.contains(account)) {
                accounts.remove();
                used.put(account, Boolean.TRUE);
                return Optional.of(account);
            }
        }
        return Optional.empty();
    }

    /** Puts an account in use to the end, or forgets it if it is gone; does nothing for any other. */
    void release(String account) {
        if (Boolean.TRUE.equals(used.remove(account))) {
            free.add(account);
        }
    }

    /** How many accounts can be chosen. */
    int free() {
        return free.size();
    }

    /** How many accounts are in use, with or without a file. */
    int used() {
        return used.size();
    }
}
