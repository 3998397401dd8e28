package dev.tokencache.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Writes an event as one line of JSON. Everything but printable ASCII is escaped: no subject can begin a line of its own,
 * move a terminal's cursor or turn the direction of the text.
 */
final class AuditLine {
    /** Longer texts are cut: a subject may have as many characters as fit into a token. */
    static final int MAX_TEXT = 256;

    private static final JsonFactory JSON =
            new JsonFactoryBuilder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);

    private AuditLine() {}

    /** The line with its end. */
    static byte[] render(AuditEvent event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("time", TIME.format(event.time()));
            write(json, "since", event.since());
            write(json, "requestId", event.requestId());
            write(json, "subject", event.subject());
            write(json, "tokenId", event.tokenId());
            write(json, "address", event.address());
            json.writeStringField("action", event.action());
            write(json, "project", event.project());
            write(json, "filename", event.filename());
            json.writeStringField("result", event.result());
            if (event.count() != 1) {
                json.writeNumberField("count", event.count());
            }
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void write(JsonGenerator json, String name, Instant time) throws IOException {
        if (time != null) {
            json.writeStringField(name, TIME.format(time));
        }
    }

    private static void write(JsonGenerator json, String name, String text) throws IOException {
        if (text != null) {
            // DEL is the one that JSON leaves as it is.
            String printable = text.replace('\u007f', '?');
            json.writeStringField(
                    name, printable.length() <= MAX_TEXT ? printable : printable.substring(0, MAX_TEXT) + "...");
        }
    }
}
