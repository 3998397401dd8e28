package dev.tokencache.accounts;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What a queue of accounts promises, written down as plainly as possible. */
final class AccountModel {
    final List<String> free = new ArrayList<>();
    final Set<String> used = new TreeSet<>();
    final Set<String> files = new TreeSet<>();

    void add(String account) {
        files.add(account);
        if (!free.contains(account) && !used.contains(account)) {
            free.add(account);
        }
    }

    void remove(String account) {
        files.remove(account);
        free.remove(account);
    }

    void relist(Collection<String> accounts, Set<String> except) {
        for (String known : List.copyOf(files)) {
            if (!accounts.contains(known) && !except.contains(known)) {
                remove(known);
            }
        }
        for (String account : accounts) {
            if (!except.contains(account)) {
                add(account);
            }
        }
    }

    Optional<String> choose(Set<String> exclude) {
        Optional<String> first =
                free.stream().filter(account -> !exclude.contains(account)).findFirst();
        first.ifPresent(account -> {
            free.remove(account);
            used.add(account);
        });
        return first;
    }

    void release(String account) {
        if (used.remove(account) && files.contains(account)) {
            free.add(account);
        }
    }
}
