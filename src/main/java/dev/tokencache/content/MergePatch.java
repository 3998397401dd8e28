package dev.tokencache.content;

import dev.tokencache.content.JsonText.Member;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Merges a patch into a token file (RFC 7396) and keeps every byte of what the patch does not name: numbers, escapes, order and
 * layout stay as they are.
 */
public final class MergePatch {
    private MergePatch() {}

    /**
     * The file as the patch makes it: null removes a member, an object is merged into an object, all else replaces. New members
     * come last, laid out like the last one there was. Pure; for any thread.
     *
     * @param target a valid token file; not changed, not kept
     * @param patch an object by the same rules; not changed, not kept
     * @throws MalformedContentException when one of them is not valid by {@link TokenContent#check}. The result still has to be
     *     checked: it may be larger or deeper than a file can be
     */
    public static byte[] apply(byte[] target, byte[] patch) throws MalformedContentException {
        TokenContent.check(target);
        TokenContent.check(patch);
        JsonText file = JsonText.of(new String(target, StandardCharsets.UTF_8));
        StringBuilder merged = new StringBuilder(target.length + patch.length);
        merged.append(file.source(), 0, file.start());
        merge(file, JsonText.of(new String(patch, StandardCharsets.UTF_8)), merged);
        merged.append(file.source(), file.end(), file.source().length());
        return merged.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void merge(JsonText object, JsonText patch, StringBuilder out) {
        ObjectWriter writer = new ObjectWriter(object, out);
        object.members().forEach((name, member) -> {
            Member change = patch.members().get(name);
            if (change == null) {
                writer.keep(member);
                out.append(member.value());
            } else if (!change.value().isNull()) {
                writer.keep(member);
                replace(member.value(), change.value(), out);
            }
        });
        patch.members().forEach((name, member) -> {
            if (!object.members().containsKey(name) && !member.value().isNull()) {
                writer.add(member);
                appendNew(member.value(), out);
            }
        });
        writer.end();
    }

    private static void replace(JsonText old, JsonText change, StringBuilder out) {
        if (old.isObject() && change.isObject()) {
            merge(old, change, out);
        } else {
            appendNew(change, out);
        }
    }

    /** A value that takes no other's place keeps its text, but an object loses the members that are null. */
    private static void appendNew(JsonText value, StringBuilder out) {
        if (!hasNull(value)) {
            out.append(value);
            return;
        }
        ObjectWriter writer = new ObjectWriter(value, out);
        value.members().values().stream()
                .filter(member -> !member.value().isNull())
                .forEach(member -> {
                    writer.keep(member);
                    appendNew(member.value(), out);
                });
        writer.end();
    }

    private static boolean hasNull(JsonText value) {
        return value.isObject()
                && value.members().values().stream()
                        .anyMatch(member -> member.value().isNull() || hasNull(member.value()));
    }

    /** Writes an object's members between the blanks that the original has around them. */
    private static final class ObjectWriter {
        private final JsonText object;
        private final StringBuilder out;
        private final String first;
        private final String lead;
        private final String colon;
        private final String tail;
        private boolean any;

        /** The blanks between the last member written and its comma. */
        private String trail = "";

        ObjectWriter(JsonText object, StringBuilder out) {
            this.object = object;
            this.out = out;
            String before = "";
            String between = "";
            String separator = ":";
            int end = object.start() + 1;
            boolean started = false;
            for (Map.Entry<String, Member> each : object.members().entrySet()) {
                Member member = each.getValue();
                String gap = object.source().substring(end, member.start());
                before = started ? before : gap;
                between = started ? gap.substring(gap.indexOf(',') + 1) : gap;
                separator = member.colon();
                end = member.value().end();
                started = true;
            }
            first = before;
            lead = between;
            colon = separator;
            tail = started ? object.source().substring(end, object.end() - 1) : "";
        }

        /** Begins a member of the original; its value is to follow. */
        void keep(Member member) {
            begin(any ? leadOf(member) : first);
            out.append(member.name());
            trail = trailOf(member);
        }

        /** Begins a new member; its value is to follow. */
        void add(Member member) {
            begin(any ? lead : first);
            out.append(member.literal()).append(colon);
            trail = "";
        }

        private void begin(String blanks) {
            out.append(any ? trail + ',' : "{").append(blanks);
            any = true;
        }

        private String leadOf(Member member) {
            int from = member.start();
            while (Character.isWhitespace(object.source().charAt(from - 1))) {
                from--;
            }
            return object.source().substring(from, member.start());
        }

        /** Those of the last one stand before no comma. */
        private String trailOf(Member member) {
            int from = member.value().end();
            int to = from;
            while (Character.isWhitespace(object.source().charAt(to))) {
                to++;
            }
            return object.source().charAt(to) == ',' ? object.source().substring(from, to) : "";
        }

        /** Ends the object; one that is left without members has no blanks, unless it had none before. */
        void end() {
            if (any) {
                out.append(tail).append('}');
            } else {
                out.append(object.members().isEmpty() ? object.toString() : "{}");
            }
        }
    }
}
