package dev.tokencache.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.RegistrationInfo;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnRegistrationsTest {
    private static final RegistrationInfo INFO = new RegistrationInfo("node", 1, false);
    private static final RegistrationInfo OTHERS = new RegistrationInfo("other", 1, false);
    private static final RegistrationInfo LOCAL = new RegistrationInfo("node", 2, true);

    /** Those of the only address. */
    private final List<RegistrationInfo> held = new ArrayList<>();

    private final List<String> commands = new ArrayList<>();
    private final List<Runnable> unanswered = new ArrayList<>();
    private final List<Throwable> failures = new ArrayList<>();
    private Throwable failure;
    private boolean answers = true;

    private final OwnRegistrations own = new OwnRegistrations(cluster(), failures::add);

    @SuppressWarnings("unchecked")
    private ClusterManager cluster() {
        return (ClusterManager) Proxy.newProxyInstance(
                OwnRegistrationsTest.class.getClassLoader(),
                new Class<?>[] {ClusterManager.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getNodeId")) {
                        return "node";
                    }
                    commands.add(method.getName());
                    switch (method.getName()) {
                        case "getRegistrations" -> {
                            List<RegistrationInfo> found = List.copyOf(held);
                            answer(() -> {}, (Completable<List<RegistrationInfo>>) arguments[1], found);
                        }
                        case "addRegistration" ->
                            answer(
                                    () -> held.add((RegistrationInfo) arguments[1]),
                                    (Completable<Void>) arguments[2],
                                    null);
                        default -> answer(() -> held.remove(arguments[1]), (Completable<Void>) arguments[2], null);
                    }
                    return null;
                });
    }

    private <T> void answer(Runnable does, Completable<T> asker, T answer) {
        Throwable failing = failure;
        Runnable completes = () -> {
            if (failing == null) {
                does.run();
            }
            asker.complete(failing == null ? answer : null, failing);
        };
        if (answers) {
            completes.run();
        } else {
            unanswered.add(completes);
        }
    }

    private void answerAll() {
        List<Runnable> all = List.copyOf(unanswered);
        unanswered.clear();
        all.forEach(Runnable::run);
    }

    /** Registered, and seen by a look. */
    private void register() {
        own.add("a", INFO, (done, failed) -> {});
        own.look();
        commands.clear();
    }

    @Test
    void forgotten_isSaidAgain() {
        register();
        held.clear();
        own.look();

        assertThat(held).containsExactly(INFO);
        assertThat(own.healed()).isOne();
        assertThat(own.healed()).isZero();
        commands.clear();
        own.look();
        assertThat(commands).containsExactly("getRegistrations");
    }

    @Test
    void localOnly_isNoMatterOfTheCluster() {
        own.add("a", LOCAL, (done, failed) -> {});
        commands.clear();
        own.look();
        own.look();

        assertThat(commands).isEmpty();
    }

    @Test
    void notToBeToldIsNotToBeForgotten() {
        register();
        failure = new IllegalStateException("made up");
        own.look();

        assertThat(failures).containsExactly(failure);
        assertThat(commands).containsExactly("getRegistrations");
    }

    @Test
    void unanswered_isNotSaidOnceMore_untilItIsTakenForLost() {
        register();
        held.clear();
        answers = false;
        own.look();
        answerLast(); // nobody is registered: it is said again, and that is not answered
        assertThat(commands).containsExactly("getRegistrations", "addRegistration");
        for (int look = 1; look < UnderWay.LOST_LOOKS; look++) {
            own.look();
            answerLast();
        }
        assertThat(commands).filteredOn("addRegistration"::equals).hasSize(1);
        own.look();
        answerLast();

        assertThat(commands).filteredOn("addRegistration"::equals).hasSize(2);
    }

    private void answerLast() {
        unanswered.remove(unanswered.size() - 1).run();
    }

    @Test
    void lookThatIsNotAnswered_isNotRepeatedMeanwhile() {
        register();
        answers = false;
        for (int look = 0; look < 10; look++) {
            own.look();
        }

        assertThat(commands).containsExactly("getRegistrations");
    }

    @Test
    void whatTheNodeDoesNotHaveAnyMore_isRemoved() {
        register();
        held.addAll(List.of(LOCAL, new RegistrationInfo("node", 3, false), OTHERS));
        own.look();
        assertThat(held).containsExactly(INFO, LOCAL, OTHERS);
        own.look();

        assertThat(held).containsExactly(INFO, LOCAL, OTHERS);
    }

    @Test
    void removedWhileALookWaits_isNotSaidAgain() {
        register();
        answers = false;
        held.clear();
        own.look();
        answers = true;
        own.remove("a", INFO, (done, failed) -> {});
        commands.clear();
        answerAll();

        assertThat(commands).isEmpty();
    }

    @Test
    void removedWhileItIsSaidAgain_isRemovedAfterwards() {
        register();
        held.clear();
        answers = false;
        own.look();
        answerAll(); // nobody is registered: said again, which waits
        answers = true;
        own.remove("a", INFO, (done, failed) -> {});
        answerAll();
        assertThat(held).containsExactly(INFO);
        assertThat(commands).last().isEqualTo("removeRegistration"); // by its owner
        own.look();

        assertThat(held).isEmpty();
    }

    @Test
    void removalThatFails_isRepeated() {
        register();
        List<Throwable> told = new ArrayList<>();
        failure = new IllegalStateException("made up");
        own.remove("a", INFO, (done, failed) -> told.add(failed));
        assertThat(told).containsExactly(failure);
        own.look();
        assertThat(held).containsExactly(INFO);
        failure = null;
        own.look();
        assertThat(held).isEmpty();
        commands.clear();
        own.look();

        assertThat(commands).isEmpty();
    }

    @Test
    void afterLeaving_nothingIsSaid() {
        register();
        answers = false;
        own.look();
        own.remove("a", INFO, (done, failed) -> {});
        own.leave();
        commands.clear();
        failure = new IllegalStateException("made up");
        answerAll();
        own.look();

        assertThat(commands).isEmpty();
    }
}
