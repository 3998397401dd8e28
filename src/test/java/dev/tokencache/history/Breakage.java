package dev.tokencache.history;

import static net.bytebuddy.matcher.ElementMatchers.named;
import static net.bytebuddy.matcher.ElementMatchers.takesArguments;

import dev.tokencache.Operation;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.asm.MemberSubstitution;
import net.bytebuddy.dynamic.DynamicType;
import net.bytebuddy.implementation.FixedValue;
import net.bytebuddy.implementation.StubMethod;

/** Ways to break the invalidation, and the rules that each of them must be seen to break. */
enum Breakage {
    /** A write leaves the old value in memory. */
    VALUES_STAY("Tokens") {
        @Override
        DynamicType.Builder<?> breakClass(DynamicType.Builder<?> type) {
            return type.method(named("invalidate")).intercept(FixedValue.value(false));
        }
    },
    /** A write leaves the old list in memory. */
    LISTS_STAY("Lists") {
        @Override
        DynamicType.Builder<?> breakClass(DynamicType.Builder<?> type) {
            return type.method(named("invalidate")).intercept(FixedValue.value(false));
        }
    },
    /** Readers go on joining a load that began before a write. */
    LOADS_STAY("Loads") {
        @Override
        DynamicType.Builder<?> breakClass(DynamicType.Builder<?> type) {
            return type.method(named("forget").or(named("forgetProject")).or(named("forgetAll")))
                    .intercept(StubMethod.INSTANCE);
        }
    },
    /** A load that began before an invalidation stores its value all the same. */
    LATE_LOADS_ARE_STORED("Loads") {
        @Override
        Set<Rule> broken() {
            return Set.of(Rule.READ_YOUR_WRITES, Rule.NOTHING_COMES_BACK);
        }

        @Override
        DynamicType.Builder<?> breakClass(DynamicType.Builder<?> type) throws NoSuchMethodException {
            return type.visit(MemberSubstitution.relaxed()
                    .method(named("remove").and(takesArguments(2)))
                    .replaceWith(BrokenRun.class.getMethod("remove", Map.class, Object.class, Object.class))
                    .on(named("ended")));
        }
    },
    /** The watcher runs, and nobody hears it. */
    EDITS_ARE_UNHEARD(null) {
        @Override
        Set<Rule> broken() {
            return Set.of(Rule.SEEN_IN_TIME);
        }

        @Override
        void tamper(Vertx vertx) {
            String observe = Operation.OBSERVE.address(Operation.DEFAULT_BASE_ADDRESS);
            vertx.eventBus().addOutboundInterceptor(delivery -> {
                if (!delivery.message().address().equals(observe)) {
                    delivery.next();
                }
            });
        }
    };

    private static final String PACKAGE = "dev.tokencache.cache.";

    private final String className;

    Breakage(String className) {
        this.className = className;
    }

    /** Whether this is the class to break. */
    boolean isOf(String name) {
        return className != null && name.equals(PACKAGE + className);
    }

    /** The rules of which the checker must find violations. */
    Set<Rule> broken() {
        return Set.of(Rule.READ_YOUR_WRITES);
    }

    /** The class, broken. */
    DynamicType.Builder<?> breakClass(DynamicType.Builder<?> type) throws NoSuchMethodException {
        return type;
    }

    /** What is done to the bus. */
    void tamper(Vertx vertx) {}
}
