package dev.tokencache.history;

import dev.tokencache.TokenKey;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The 16 keys: four in each of four projects, one of each role. */
final class Keys {
    static final int COUNT = 16;
    static final int PROJECTS = 4;

    private static final int PER_PROJECT = COUNT / PROJECTS;
    private static final Role[] ROLES = Role.values();
    private static final int[] PADDING = {0, 300, 3_000, 30_000};

    /** Who edits a key. Writers from outside always take turns: two that write in place at once would leave a mix. */
    enum Role {
        /** Writers through the cache alone, at once. */
        API,
        /** Writers from outside alone, so that the order is known. */
        OUTSIDE,
        /** Both, one after the other, so that the order is known. */
        IN_TURN,
        /** Both, at once. */
        AT_ONCE
    }

    private Keys() {}

    static int project(int key) {
        return key / PER_PROJECT;
    }

    static String projectName(int project) {
        return "project-" + project;
    }

    /** The keys of a project, one bit each. */
    static long ofProject(int project) {
        return ((1L << PER_PROJECT) - 1) << (project * PER_PROJECT);
    }

    static Role role(int key) {
        return ROLES[key % PER_PROJECT];
    }

    static List<Integer> editedBy(Role... roles) {
        List<Role> wanted = List.of(roles);
        return IntStream.range(0, COUNT)
                .filter(key -> wanted.contains(role(key)))
                .boxed()
                .toList();
    }

    /** What the account in the file is called; {@code add} makes the file's name from it. */
    static String email(int key) {
        return String.format("k%02d@example.invalid", key);
    }

    static String filename(int key) {
        return email(key).replaceAll("[^A-Za-z0-9]", "_") + ".json";
    }

    static TokenKey tokenKey(int key) {
        return new TokenKey(projectName(project(key)), filename(key));
    }

    /** The key of a file of a project; there are no others. */
    static int key(int project, String filename) {
        for (int key = project * PER_PROJECT; key < (project + 1) * PER_PROJECT; key++) {
            if (filename(key).equals(filename)) {
                return key;
            }
        }
        throw new IllegalStateException("nobody made " + filename);
    }

    /** How many characters fill up each value of the key, so that all are of one length. */
    static int padding(int key) {
        return PADDING[project(key)];
    }

    /** One of these, the first ones far more often: some keys are edited all the time, some rest now and then. */
    static int pick(Random random, List<Integer> keys) {
        double place = random.nextDouble();
        return keys.get((int) (place * place * keys.size()));
    }
}
