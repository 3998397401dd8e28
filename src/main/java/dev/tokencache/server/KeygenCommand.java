package dev.tokencache.server;

import dev.tokencache.auth.SigningKeyFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a new signing key; never over an existing file. */
@Command(
        name = "keygen",
        description = "Makes a file with a random 256-bit signing key (0600), never over an existing one.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class KeygenCommand implements Callable<Integer> {
    private final RootCommand root;

    @Parameters(index = "0", arity = "0..1", paramLabel = "FILE", description = "Default: signing.key in stateDir.")
    Path file;

    @Spec
    CommandSpec spec;

    KeygenCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws Exception {
        Path target = file;
        if (target == null) {
            ServerConfig config = root.load();
            Directories.requireApart(config.root(), config.stateDir());
            Directories.prepare("stateDir", config.stateDir());
            target = config.stateDir().resolve(StateDir.SIGNING_KEY);
        }
        try {
            SigningKeyFile.generate(target);
        } catch (FileAlreadyExistsException e) {
            throw new StartException("keygen: the file exists already; it stays as it is");
        } catch (NoSuchFileException e) {
            throw new StartException("keygen: the file's directory does not exist");
        } catch (IOException e) {
            throw new StartException("keygen: the file can't be written");
        }
        spec.commandLine().getOut().println("signing key made: " + target);
        return CommandLine.ExitCode.OK;
    }
}
