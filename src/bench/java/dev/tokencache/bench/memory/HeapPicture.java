package dev.tokencache.bench.memory;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * The objects that live in this JVM's heap, by class, after a full collection. Their sizes are added up rather than the used
 * heap read: a collector that gives large arrays whole regions would add what no object takes.
 *
 * @param bytes of all objects of a class, by its name
 * @param counts how many there are, by the same
 */
record HeapPicture(Map<String, Long> bytes, Map<String, Long> counts) {
    private static final Pattern LINE = Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*");

    HeapPicture {
        bytes = Map.copyOf(bytes);
        counts = Map.copyOf(counts);
    }

    /** What one class has come to hold between two pictures. */
    record Growth(String type, long objects, long bytes) {}

    /** Takes a picture; the virtual machine collects the garbage for it. */
    static HeapPicture take() throws JMException {
        Object histogram = ManagementFactory.getPlatformMBeanServer()
                .invoke(
                        new ObjectName("com.sun.management:type=DiagnosticCommand"),
                        "gcClassHistogram",
                        new Object[] {new String[0]},
                        new String[] {String[].class.getName()});
        Map<String, Long> bytes = new HashMap<>();
        Map<String, Long> counts = new HashMap<>();
        for (String line : ((String) histogram).split("\n", -1)) {
            Matcher columns = LINE.matcher(line);
            if (columns.matches()) {
                counts.merge(columns.group(3), Long.parseLong(columns.group(1)), Long::sum);
                bytes.merge(columns.group(3), Long.parseLong(columns.group(2)), Long::sum);
            }
        }
        return new HeapPicture(bytes, counts);
    }

    /** All objects together. */
    long total() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    /** What has come, or gone, since another picture: what changed most is first. */
    List<Growth> since(HeapPicture before) {
        Set<String> types = new HashSet<>(bytes.keySet());
        types.addAll(before.bytes.keySet());
        List<Growth> all = new ArrayList<>();
        for (String type : types) {
            all.add(new Growth(type, grown(counts, before.counts, type), grown(bytes, before.bytes, type)));
        }
        all.sort(Comparator.comparingLong((Growth growth) -> Math.abs(growth.bytes()))
                .reversed());
        return all;
    }

    private static long grown(Map<String, Long> now, Map<String, Long> before, String type) {
        return now.getOrDefault(type, 0L) - before.getOrDefault(type, 0L);
    }
}
