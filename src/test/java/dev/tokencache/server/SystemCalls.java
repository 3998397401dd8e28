package dev.tokencache.server;

import dev.tokencache.Poll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code strace} wrote about a process that has ended: the calls that succeeded, by the order of their ends. */
final class SystemCalls {
    private static final String TRACED =
            "fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat,mkdir,mkdirat,ftruncate,"
                    + "write,writev,pwrite64,pwritev,sendto,sendmsg";
    private static final Pattern BEGUN = Pattern.compile("(\\d+) +(\\w+)\\((.*)");
    private static final Pattern RESUMED = Pattern.compile("(\\d+) +<\\.\\.\\. \\w+ resumed>(.*)");
    private static final String UNFINISHED = " <unfinished ...>";
    private static final Pattern SUCCEEDED = Pattern.compile(".*\\) += \\d+");

    private SystemCalls() {}

    /** A call, with the numbers of the lines where it began and ended. */
    record Call(String name, String arguments, int begun, int ended) {}

    /** The command that traces another into a file; the other keeps its process id. */
    static List<String> tracer(Path file) {
        return List.of(
                "strace",
                "-D",
                "-f",
                "-y",
                "--seccomp-bpf",
                "-s",
                "32",
                "-e",
                "trace=" + TRACED,
                "-o",
                file.toString());
    }

    /** Whether there is a tracer here, and it may trace. */
    static boolean canTrace() throws InterruptedException {
        List<String> command = new ArrayList<>(tracer(Path.of("/dev/null")));
        command.add("true");
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Reads the file, once the tracer has seen the end of the process. */
    static List<Call> read(Path file, long pid) throws Exception {
        Pattern end = Pattern.compile(pid + " +\\+\\+\\+ .*");
        List<String> lines = Poll.until(
                Duration.ofSeconds(30),
                () -> Files.readAllLines(file),
                all -> all.stream().anyMatch(line -> end.matcher(line).matches()));
        List<Call> calls = new ArrayList<>();
        Map<String, Call> open = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            Matcher begun = BEGUN.matcher(lines.get(i));
            Matcher resumed = RESUMED.matcher(lines.get(i));
            if (begun.matches()) {
                String arguments = begun.group(3);
                if (arguments.endsWith(UNFINISHED)) {
                    String shown = arguments.substring(0, arguments.length() - UNFINISHED.length());
                    open.put(begun.group(1), new Call(begun.group(2), shown, i, i));
                } else {
                    addIfDone(calls, new Call(begun.group(2), arguments, i, i));
                }
            } else if (resumed.matches()) {
                Call call = open.remove(resumed.group(1));
                addIfDone(calls, new Call(call.name(), call.arguments() + resumed.group(2), call.begun(), i));
            }
        }
        return calls;
    }

    private static void addIfDone(List<Call> calls, Call call) {
        if (SUCCEEDED.matcher(call.arguments()).matches()) {
            calls.add(call);
        }
    }
}
