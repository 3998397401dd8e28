package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** What the pages show for other programs: those programs understand it, where they are installed. */
class DocFormatsTest {
    private static final Path UNIT = Path.of("src", "packaging", "systemd", "token-cache.service");

    @TempDir
    Path directory;

    private static List<DocPage.Block> blocks(String page, String language) throws IOException {
        List<DocPage.Block> blocks = DocPage.of(page).blocks().stream()
                .filter(block -> block.language().equals(language))
                .toList();
        assertThat(blocks).isNotEmpty();
        return blocks;
    }

    private static Document parse(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static Document pom() throws Exception {
        return parse(Files.readString(Path.of("pom.xml")));
    }

    /** The texts of the elements in an element, by their names. */
    private static Map<String, String> children(Node parent) {
        Map<String, String> children = new TreeMap<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element) {
                children.put(element.getTagName(), element.getTextContent().strip());
            }
        }
        return children;
    }

    @Test
    void dependency_isWhatTheBuildMakes() throws Exception {
        Map<String, String> project = children(pom().getDocumentElement());
        for (DocPage.Block block : blocks("embedding.md", "xml")) {
            Map<String, String> dependency = children(parse(block.text()).getDocumentElement());

            assertThat(dependency).containsOnlyKeys("groupId", "artifactId", "version");
            assertThat(project).containsAllEntriesOf(dependency);
        }
    }

    /** But for places and package names: those are the project's own. */
    @Test
    void clientGenerator_isConfiguredAsInTheBuild() throws Exception {
        for (DocPage.Block block : blocks("rest.md", "xml")) {
            Element shown = parse(block.text()).getDocumentElement();
            Document pom = pom();
            Element ours = plugin(pom, children(shown).get("artifactId"));
            String version = children(ours).get("version").replaceAll("[${}]", "");

            assertThat(children(shown))
                    .containsEntry(
                            "version", children(element(pom, "properties")).get(version));
            assertThat(children(element(ours, "configOptions")))
                    .containsAllEntriesOf(children(element(shown, "configOptions")));
            Map<String, String> options = children(element(shown, "configuration"));
            options.keySet().removeAll(List.of("inputSpec", "configOptions"));
            options.keySet().removeIf(name -> name.endsWith("Package"));
            assertThat(options).isNotEmpty();
            assertThat(children(element(ours, "configuration"))).containsAllEntriesOf(options);
        }
    }

    private static Element plugin(Document pom, String artifactId) {
        NodeList plugins = pom.getElementsByTagName("plugin");
        for (int i = 0; i < plugins.getLength(); i++) {
            if (artifactId.equals(children(plugins.item(i)).get("artifactId"))) {
                return (Element) plugins.item(i);
            }
        }
        throw new AssertionError("the build has no " + artifactId);
    }

    private static Element element(Element parent, String name) {
        return (Element) parent.getElementsByTagName(name).item(0);
    }

    private static Element element(Document document, String name) {
        return (Element) document.getElementsByTagName(name).item(0);
    }

    @Test
    void dropIns_haveOneSectionAndAssignments() throws IOException {
        assertThat(blocks("operating.md", "ini"))
                .allSatisfy(block -> assertThat(block.text())
                        .as(block.toString())
                        .matches("\\[Service]\\n(#.*\\n|[A-Z]\\w+=.*\\n)+"));
    }

    @Test
    void dropIns_areUnderstoodBySystemd() throws Exception {
        assumeTrue(Tools.isThere("systemd-analyze"), "systemd-analyze is not installed: drop-ins are only read by us");
        String unit = Files.readString(UNIT)
                .replaceAll("(?m)^ExecStart=.*", "ExecStart=/bin/true")
                .replaceAll("(?m)^Documentation=.*\\n", "");
        Path service = Files.writeString(directory.resolve("token-cache.service"), unit);
        Path dropIn = Files.createDirectory(directory.resolve("token-cache.service.d"))
                .resolve("of-a-page.conf");
        for (DocPage.Block block : blocks("operating.md", "ini")) {
            Files.writeString(dropIn, block.text());

            assertThat(PackagedServer.run(List.of("systemd-analyze", "--man=no", "verify", service.toString())))
                    .as("%s: it prints keys and values that it doesn't know", block)
                    .isEqualTo(new PackagedServer.Ended(0, ""));
        }
    }

    @Test
    void proxy_isUnderstoodByNginx() throws Exception {
        List<DocPage.Block> blocks = blocks("operating.md", "nginx");
        assertThat(blocks)
                .allSatisfy(block -> assertThat(block.text().chars().filter(c -> c == '{'))
                        .hasSameSizeAs(block.text()
                                .chars()
                                .filter(c -> c == '}')
                                .boxed()
                                .toList()));
        assumeTrue(Tools.isThere("nginx"), "nginx is not installed: only the braces of its configuration were counted");
        Path log = directory.resolve("error.log");
        for (DocPage.Block block : blocks) {
            Path file = Files.writeString(
                    directory.resolve("nginx.conf"), """
                    pid %1$s/pid;
                    error_log %2$s;
                    events {}
                    http {
                    access_log off;
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    %3$s
                    }
                    """.formatted(directory, log, withoutTls(block.text())));

            PackagedServer.Ended checked =
                    PackagedServer.run(List.of("nginx", "-t", "-e", log.toString(), "-c", file.toString()));

            assertThat(checked.code()).as("%s: %s", block, checked.output()).isZero();
        }
    }

    /** There is no certificate, and a test may not listen on 443: a socket in the directory will do. */
    private String withoutTls(String server) {
        String socket = "listen unix:" + directory.resolve("socket") + ";";
        String without = server.replace("listen 443 ssl;", socket).replaceAll("(?m)^ *ssl_.*\\n", "");
        assertThat(without).contains(socket);
        return without;
    }
}
