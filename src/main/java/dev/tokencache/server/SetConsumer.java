package dev.tokencache.server;

import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Collects {@code --set} before and after the command's name; the parser by itself forgets those before. */
final class SetConsumer implements IParameterConsumer {
    @Override
    @SuppressWarnings("JdkObsolete") // the parser's interface
    public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
        String set = arguments.isEmpty() ? "" : arguments.pop();
        if (set.indexOf('=') < 1) {
            throw new ParameterException(command.commandLine(), "--set needs KEY=VALUE");
        }
        ((RootCommand) command.root().userObject()).sets.add(set);
    }
}
