package dev.tokencache.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the admin page is made of. */
class AdminPageTest {
    private static final Path DIRECTORY = Path.of("src/main/resources/dev/tokencache/http/page");
    private static final Pattern IMPORT = Pattern.compile("(?:from ?|import ?)[\"']\\./([^\"']+)[\"']");

    @Test
    void ownFiles_areThoseOfTheDirectory() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(PageFiles.OWN);
        }
    }

    @Test
    void everything_thatIsNamed_isThere() throws IOException {
        Map<String, byte[]> files = PageFiles.read();
        assertThat(files).hasSize(PageFiles.OWN.size() + PageFiles.LIBRARIES.size());
        Set<String> named = new TreeSet<>();
        files.forEach((name, content) -> {
            String text = new String(content, StandardCharsets.UTF_8);
            if (name.endsWith(".js")) {
                named.addAll(names(IMPORT, text));
            } else if (name.equals(PageFiles.DOCUMENT)) {
                named.addAll(names(Pattern.compile("\"\\./page/([^\"]+)\""), text));
            }
        });
        assertThat(files.keySet()).containsAll(named);
        assertThat(named).contains("lit.js", "uplot.css", "css-tag.js", "token-table.js");
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    void ownFiles_haveNoScriptOrStyleThatThePolicyForbids() throws IOException {
        for (String name : PageFiles.OWN) {
            assertThat(Files.readString(DIRECTORY.resolve(name)))
                    .as(name)
                    .doesNotContain("innerHTML", "unsafeHTML", "eval(", "console.", " style=\"", "localStorage")
                    .doesNotContainPattern("https?://(?!www\\.w3\\.org/2000/svg)");
        }
    }

    @Test
    void withoutTheLibraries_thereIsNoPage_andNothingFails() throws Exception {
        assertThat(new AdminPage(null).routes()).hasSize(2);
        try (InputStream there = AdminPage.class.getClassLoader().getResourceAsStream(litsPath())) {
            assertThat(there).isNotNull();
        }

        Class<?> type = Class.forName(AdminPage.class.getName(), true, new WithoutWebJars());
        Constructor<?> constructor = type.getDeclaredConstructor(Vertx.class);
        constructor.setAccessible(true);
        Method routes = type.getDeclaredMethod("routes");
        routes.setAccessible(true);

        assertThat((List<?>) routes.invoke(constructor.newInstance((Vertx) null)))
                .isEmpty();
    }

    private static String litsPath() {
        return "META-INF/resources/webjars/" + PageFiles.LIBRARIES.get("lit.js");
    }

    /** Has the page's classes of its own, and no WebJar. */
    private static final class WithoutWebJars extends ClassLoader {
        WithoutWebJars() {
            super(AdminPage.class.getClassLoader());
        }

        @Override
        public URL getResource(String name) {
            return name.contains("webjars") ? null : super.getResource(name);
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            return name.contains("webjars") ? null : super.getResourceAsStream(name);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(AdminPage.class.getName()) && !name.equals(PageFiles.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
