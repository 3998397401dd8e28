package dev.tokencache.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tokencache.server.SystemCalls.Call;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemCallsTest {
    private static final List<String> TRACE = List.of(
            "10 rename(\"/r/t.tmp\", \"/r/a.json\") = 0",
            "11 fsync(5</r> <unfinished ...>",
            "12 write(7<socket:[1]>, \"x\", 1) = 1",
            "11 <... fsync resumed>)             = 0",
            "12 unlink(\"/r/b.json\") = -1 ENOENT (No such file or directory)",
            "10 +++ exited with 0 +++");

    @TempDir
    Path directory;

    @Test
    void read_callThatAnotherInterrupts_looksAsIfItWereAlone() throws Exception {
        Path trace = Files.write(directory.resolve("trace"), TRACE);

        List<Call> calls = SystemCalls.read(trace, 10);

        assertThat(calls).extracting(Call::name).containsExactly("rename", "write", "fsync");
        assertThat(calls.get(2).arguments()).startsWith("5</r>)");
        assertThat(calls.get(2).begun()).isEqualTo(1);
        assertThat(calls.get(2).ended()).isEqualTo(3);
    }
}
