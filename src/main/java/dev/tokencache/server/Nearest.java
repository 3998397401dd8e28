package dev.tokencache.server;

import java.util.Collection;
import java.util.Locale;

/** Guesses what a misspelt name was meant to be. */
final class Nearest {
    private Nearest() {}

    /** The known name that differs least from the unknown one, or null when none is near. */
    static String of(String unknown, Collection<String> known) {
        String best = null;
        int least = Integer.MAX_VALUE;
        for (String name : known) {
            int distance = distance(unknown, name);
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return least <= Math.max(2, Math.min(unknown.length(), 24) / 4) ? best : null;
    }

    /** A key in the wrong section counts as one error, wherever the right one is. */
    private static int distance(String unknown, String name) {
        String a = unknown.toLowerCase(Locale.ROOT);
        String b = name.toLowerCase(Locale.ROOT);
        String last = b.substring(b.lastIndexOf('.') + 1);
        if (!a.equals(b)
                && last.length() > 3
                && a.substring(a.lastIndexOf('.') + 1).equals(last)) {
            return 1;
        }
        return levenshtein(a, b);
    }

    private static int levenshtein(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
