using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using Skerry.Qemu;
using Skerry.Qemu.Commands;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Source;

try
{
    Repository repository = Repository.Locate();
    var root = new RootCommand("Boots NUMA machines in QEMU into Skerry, a clustered multikernel.")
    {
        RunCommand.Create(repository),
        DebugCommand.Create(repository),
        BenchCommand.Create(repository),
        FuzzCommand.Create(repository),
        TestCommand.Create(repository),
        ArchiveCommand.Create(repository),
        CheckCommand.Create(repository),
        TopologiesCommand.Create(repository),
    };
    ParseResult arguments = root.Parse(args);
    foreach (ParseError error in arguments.Errors)
    {
        Console.Error.WriteLine($"skerry: {error.Message}");
    }
    return arguments.Errors.Count != 0
        ? (int)ExitStatus.BadInput
        : arguments.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (BadInputException exception)
{
    Console.Error.WriteLine(exception.Message);
    return (int)ExitStatus.BadInput;
}
catch (MachineFailureException exception)
{
    Console.Error.WriteLine($"skerry: {exception.Message}");
    return (int)ExitStatus.QemuFailure;
}
