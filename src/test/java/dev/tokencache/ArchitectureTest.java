package dev.tokencache;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the directions between the packages, and what each may take from others' libraries. */
class ArchitectureTest {
    private static final String BASE = "dev.tokencache";
    private static final Path SOURCES = Path.of("src/main/java");
    private static final String VERTX = "io.vertx.core..";
    private static final String JACKSON = "com.fasterxml.jackson.core..";
    private static final String CAFFEINE = "com.github.benmanes.caffeine.cache..";

    /** What each package may use beside the platform and itself. A new package needs a row. */
    private static final Map<String, List<String>> MAY_USE = new TreeMap<>(Map.ofEntries(
            Map.entry("", List.of(VERTX)),
            Map.entry(".content", List.of(BASE, JACKSON)),
            Map.entry(".cache", List.of(BASE, BASE + ".content", VERTX, JACKSON, CAFFEINE)),
            Map.entry(".file", List.of(BASE, BASE + ".content", VERTX)),
            Map.entry(
                    ".auth",
                    List.of(BASE, VERTX, "io.vertx.ext.auth..", "io.netty.util", "javax.net.ssl", JACKSON, CAFFEINE)),
            Map.entry(".audit", List.of(BASE, VERTX, JACKSON)),
            Map.entry(".tls", List.of(VERTX, "javax.net.ssl")),
            Map.entry(
                    ".http",
                    List.of(
                            BASE,
                            BASE + ".auth",
                            BASE + ".audit",
                            BASE + ".tls",
                            VERTX,
                            "io.vertx.ext.web..",
                            "io.netty.handler.codec..",
                            "io.netty.handler.timeout..",
                            "io.netty.bootstrap..",
                            "io.netty.channel..",
                            "io.netty.util.concurrent..",
                            "javax.net.ssl..",
                            JACKSON)),
            Map.entry(
                    ".metrics",
                    List.of(
                            BASE,
                            VERTX,
                            "io.netty.channel",
                            "io.netty.util.concurrent",
                            "io.micrometer..",
                            "io.prometheus.metrics..")),
            Map.entry(".accounts", List.of(BASE, VERTX)),
            Map.entry(".redis", List.of(BASE, VERTX, "io.vertx.redis..", "io.vertx.circuitbreaker..")),
            Map.entry(".tracing", List.of(BASE, VERTX, "io.vertx.tracing.opentelemetry..", "io.opentelemetry..")),
            Map.entry(".server", List.of(BASE + "..", VERTX, JACKSON, "org.yaml.snakeyaml..", "picocli.."))));

    static {
        MAY_USE.put(
                ".cluster",
                List.of(
                        BASE,
                        BASE + ".auth",
                        BASE + ".tls",
                        VERTX,
                        "io.vertx.ext.cluster.infinispan..",
                        "org.infinispan..",
                        "org.jgroups..",
                        "javax.net.ssl"));
    }

    /** The classes of {@code file} that live on the watcher's event loop; all others there but shells are pure. */
    private static final Set<String> LOOP_CLASSES = Set.of(
            "BulkRead",
            "HintLoop",
            "HintLook",
            "ProjectWatch",
            "ProjectWatches",
            "Report",
            "Reporter",
            "ScanCalls",
            "ScanRound");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .importLocations(Set.of(Location.of(
                    TokenCache.class.getProtectionDomain().getCodeSource().getLocation())));

    static Stream<String> packages() {
        return MAY_USE.keySet().stream();
    }

    @Test
    void everyClass_isInAPackageOfTheTable() {
        assertThat(CLASSES).hasSizeGreaterThan(100);
        assertThat(CLASSES.stream().map(JavaClass::getPackageName).distinct())
                .allMatch(name -> MAY_USE.containsKey(name.substring(BASE.length())));
    }

    @ParameterizedTest(name = "dev.tokencache{0}")
    @MethodSource("packages")
    void aPackage_usesOnlyWhatItMay(String suffix) {
        List<String> allowed = new ArrayList<>(MAY_USE.get(suffix));
        allowed.addAll(List.of(BASE + suffix, "java..", "javax.crypto.."));

        classes()
                .that()
                .resideInAPackage(BASE + suffix)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed.toArray(new String[0]))
                .check(CLASSES);
    }

    @Test
    void pureClasses_useNoVertx() {
        assertThat(CLASSES.that(isPure()).stream().map(JavaClass::getSimpleName))
                .contains("TokenContent", "TokenStore", "ProjectSnapshot", "SnapshotDiff", "Fingerprints")
                .contains("TokenReader", "TokenWriter", "TokenLister", "ProjectScanner");

        noClasses()
                .that(isPure())
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..")
                .check(CLASSES);
    }

    private static DescribedPredicate<JavaClass> isPure() {
        return DescribedPredicate.describe("are pure", type -> {
            String name = outermost(type).getSimpleName();
            return switch (type.getPackageName().substring(BASE.length())) {
                case ".content" -> true;
                case ".cache" -> name.equals("TokenStore");
                case ".file" -> !LOOP_CLASSES.contains(name) && !name.matches(".*(Source|Verticle|Service)");
                default -> false;
            };
        });
    }

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    /**
     * Vert.x keeps one queue of ordered blocking work a context, for the workers of all pools, its owner's too. When a pool is
     * closed while work for it waits behind another's, the queue ends for good ({@code TaskQueue.run} in 5.0.10), and what
     * waits for it at a stop waits for ever.
     */
    @Test
    void blockingWork_isNeverInTheContextsQueue() {
        noClasses()
                .should()
                .accessTargetWhere(DescribedPredicate.describe(
                        "executeBlocking(Callable), which orders",
                        access -> access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
                                && target.getName().equals("executeBlocking")
                                && target.getRawParameterTypes().size() == 1))
                .check(CLASSES);
    }

    @Test
    void cache_hasNoMeansToShareStateBetweenThreads() throws IOException {
        noFields()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage(BASE + ".cache")
                .should()
                .haveModifier(JavaModifier.VOLATILE)
                .check(CLASSES);
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .resideInAPackage(BASE + ".cache")
                .should()
                .haveModifier(JavaModifier.SYNCHRONIZED)
                .check(CLASSES);
        // A ConcurrentMap is what Caffeine's cache shows itself as.
        noClasses()
                .that()
                .resideInAPackage(BASE + ".cache")
                .should()
                .dependOnClassesThat(resideInAnyPackage("java.util.concurrent..")
                        .and(not(DescribedPredicate.describe(
                                "are units of time or Caffeine's view",
                                type -> type.getSimpleName().matches("TimeUnit|ConcurrentMap")))))
                .check(CLASSES);
        // A synchronized block leaves no trace that the class files' reader would show.
        for (Path source : sources("dev/tokencache/cache")) {
            assertThat(withoutComments(Files.readString(source)))
                    .as(source.toString())
                    .doesNotContainPattern("\\b(synchronized|volatile)\\b");
        }
    }

    @Test
    void publicTypes_areDocumented() throws IOException {
        Pattern undocumented = Pattern.compile(
                "(?m)(?<!\\*/)\\n(@[A-Z]\\w*(\\(.*\\))?\\n)*public (abstract |final |sealed )*(class|interface|record|enum) \\w+");
        for (Path source : sources("dev/tokencache")) {
            assertThat(Files.readString(source)).as(source.toString()).doesNotContainPattern(undocumented);
        }
    }

    @Test
    void publicTypes_ofTheRooms_areTheFewThatOthersUse() {
        assertThat(CLASSES.stream()
                        .filter(type -> !type.getPackageName().equals(BASE))
                        .filter(type ->
                                type.isTopLevelClass() && type.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(type -> !isUsedFromOutside(type)))
                .isEmpty();
    }

    /** Used by another package, or meant for an embedding application or the platform. */
    private static boolean isUsedFromOutside(JavaClass type) {
        return type.getSimpleName().matches("Main|AccountPool|HttpRoutes|LastingLogManager|SecretToken|.*Verticle")
                || type.getDirectDependenciesToSelf().stream()
                        .anyMatch(use -> !use.getOriginClass().getPackageName().equals(type.getPackageName()));
    }

    @Test
    void packages_noneIsNamedImpl() {
        assertThat(CLASSES.stream().map(JavaClass::getPackageName)).noneMatch(name -> name.contains("impl"));
    }

    private static List<Path> sources(String folder) throws IOException {
        try (Stream<Path> all = Files.walk(SOURCES.resolve(folder))) {
            List<Path> sources =
                    all.filter(path -> path.toString().endsWith(".java")).toList();
            assertThat(sources).isNotEmpty();
            return sources;
        }
    }

    private static String withoutComments(String source) {
        return source.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("//.*", "");
    }
}
