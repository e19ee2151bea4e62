using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Linq;
using Skerry.Qemu.Source;

namespace Skerry.Qemu.Commands;

/// <summary>What is wrong with the words on the command line, for a person.</summary>
internal static class UsageErrors
{
    /// <returns>A line for each error; empty if the command can be carried out.</returns>
    public static IEnumerable<string> Of(ParseResult arguments)
    {
        CommandResult command = arguments.CommandResult;
        // An unknown option is taken for the command's argument, and its value is left over.
        string? unknown =
            command
                .Children.OfType<ArgumentResult>()
                .SelectMany(argument => argument.Tokens)
                .Select(token => token.Value)
                .FirstOrDefault(IsOption)
            ?? arguments.UnmatchedTokens.FirstOrDefault();
        if (unknown is null)
        {
            return arguments.Errors.Select(error => Message(command.Command, error));
        }
        // The other errors of the command itself follow from this one.
        return arguments
            .Errors.Where(error => error.SymbolResult is OptionResult or ArgumentResult)
            .Select(error => error.Message)
            .Prepend(Unknown(arguments, command.Command, unknown));
    }

    private static string Message(Command command, ParseError error)
    {
        if (command.Subcommands.Count != 0 && error.SymbolResult is CommandResult)
        {
            return $"say what to do: {string.Join(", ", command.Subcommands.Select(subcommand => subcommand.Name))}";
        }
        Argument? missing = command.Arguments.FirstOrDefault();
        return error.SymbolResult is ArgumentResult { Tokens.Count: 0 } && missing is not null
            ? $"\"{command.Name}\" needs a {missing.Name}: {missing.Description}"
            : error.Message;
    }

    private static string Unknown(ParseResult arguments, Command command, string word)
    {
        bool isRoot = command == arguments.RootCommandResult.Command;
        string help = $"(\"skerry {(isRoot ? "" : command.Name + " ")}--help\" lists them)";
        if (IsOption(word))
        {
            string name = word.Split('=', ':')[0];
            IEnumerable<string> options = command.Options.SelectMany(option => option.Aliases.Prepend(option.Name));
            return $"there is no option \"{name}\"{NearestName.Hint(name, options)} {help}";
        }
        IEnumerable<string> commands = command.Subcommands.Select(subcommand => subcommand.Name);
        return isRoot
            ? $"there is no command \"{word}\"{NearestName.Hint(word, commands)} {help}"
            : $"\"{command.Name}\" does not take \"{word}\"";
    }

    private static bool IsOption(string word) => word.StartsWith('-');
}
