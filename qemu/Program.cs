using System;
using System.CommandLine;
using System.IO;
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
    string[] errors = [.. UsageErrors.Of(arguments)];
    foreach (string error in errors)
    {
        Console.Error.WriteLine($"skerry: {error}");
    }
    return errors.Length != 0
        ? (int)ExitStatus.BadInput
        : arguments.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (BadInputException exception)
{
    // What is wrong in a file begins with the file's name, as editors want it.
    Console.Error.WriteLine(exception.Diagnostics.Count == 0 ? $"skerry: {exception.Message}" : exception.Message);
    return (int)ExitStatus.BadInput;
}
catch (MachineFailureException exception)
{
    Console.Error.WriteLine($"skerry: {exception.Message}");
    return (int)ExitStatus.QemuFailure;
}
catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
{
    // A file or folder is not as it must be, which the message names; or a disk is full, in the middle of what was begun.
    Console.Error.WriteLine($"skerry: {exception.Message}");
    // ENOSPC of Linux, ERROR_DISK_FULL of Windows.
    bool isFull = exception is IOException && (exception.HResult & 0xffff) is 28 or 0x70;
    return (int)(isFull ? ExitStatus.DiskFull : ExitStatus.BadInput);
}
