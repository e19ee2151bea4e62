using System;
using Skerry.Base.Configuration;
using Skerry.Base.Measurement;
using Skerry.Base.Servers;
using Skerry.Base.Servers.Components;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.VCore;

/// <summary>The children of this instance: those whose CPU is one of its own.</summary>
internal static unsafe class OwnChildren
{
    private const ulong ChildCrashed = 0x100;
    private const ulong NotStarted = 0x101;

    /// <summary>An essential child could not be started.</summary>
    private static bool startFailed;

    public static void StartAll(
        Server* server,
        SystemConfiguration configuration,
        in InstanceArguments arguments,
        in Environment environment
    )
    {
        RecordRange range = configuration.Vcore(arguments.Index).Children;
        for (uint i = range.First; i < range.First + range.Count; i++)
        {
            LoadResult result = Start(server, configuration, i, in arguments, in environment, null);
            startFailed |= result != LoadResult.Ok && EssentialChildren.Includes(configuration.Child(i));
        }
    }

    /// <summary>Starts a child if its CPU is here; <paramref name="again"/> is the one of before, if it is started again.</summary>
    private static LoadResult Start(
        Server* server,
        SystemConfiguration configuration,
        uint index,
        in InstanceArguments arguments,
        in Environment environment,
        Child* again
    )
    {
        ChildRecord record = configuration.Child(index);
        if (!arguments.TryPlace(record.AffinityX, server->CpuCount, out uint cpu))
        {
            return LoadResult.Ok;
        }
        LoadResult found = OpenProgram(in environment, configuration.Text(record.Binary), out RomFile program);
        LoadResult result = ConfiguredChildren.Start(
            server,
            configuration,
            index,
            cpu,
            environment.Name,
            found,
            program.Content,
            BenchLine.CountsInstructions(environment.Arguments),
            again
        );
        program.Close(in environment);
        return result;
    }

    /// <summary>
    /// Serves what children ask of each other, takes back what they had when they end, and starts them again. Without essential
    /// children it serves for ever.
    /// </summary>
    /// <returns>
    /// ChildrenSucceeded when every essential child has exited with 0, else what the first that did not came to.
    /// </returns>
    public static ulong Supervise(
        Server* server,
        SystemConfiguration configuration,
        in InstanceArguments arguments,
        in Environment environment
    )
    {
        if (startFailed)
        {
            return NotStarted;
        }
        Supervisor.AllStarted(server);
        while (true)
        {
            for (Child* child = Supervisor.NextEnded(server); child != null; child = Supervisor.NextEnded(server))
            {
                ulong value = End(server, child, in environment);
                if (value != 0)
                {
                    return value;
                }
            }
            for (Child* child = Restarts.Next(server); child != null; child = Restarts.Next(server))
            {
                RestartReports.Tell(server, "vcore "u8, environment.Name, child);
                LoadResult result = Start(
                    server,
                    configuration,
                    child->ConfigurationIndex,
                    in arguments,
                    in environment,
                    child
                );
                if (result != LoadResult.Ok && EssentialChildren.Includes(in child->Record))
                {
                    return NotStarted;
                }
            }
            if (EssentialChildren.Exist(server) && Supervisor.AllEssentialSucceeded(server))
            {
                return ExitValue.ChildrenSucceeded;
            }
            server->Attention.Wait(out _);
        }
    }

    /// <returns>0 unless the child was essential, failed, and is not started again.</returns>
    private static ulong End(Server* server, Child* child, in Environment environment)
    {
        bool startsAgain = Restarts.AreDue(child);
        if (!startsAgain || Restarts.IsTold(child, child->Restarts + 1))
        {
            Span<byte> buffer = stackalloc byte[256];
            var text = new TextBuilder(buffer);
            text.Append("vcore "u8);
            EndReports.Write(environment.Name, child, ref text);
            server->Hooks.Print(text.Text);
        }
        // A failure of the child's is none of the vcore's own.
        bool failed = child->State == ChildState.Crashed || !FailureNames.OfExit(child->ExitValue).IsEmpty;
        // Nor does a child say for the vcore that all is well.
        failed |= child->ExitValue == ExitValue.ChildrenSucceeded;
        ulong value = failed ? ChildCrashed : child->ExitValue;
        Children.Destroy(server, child, startsAgain);
        if (startsAgain)
        {
            Restarts.Await(server, child);
            return 0;
        }
        child->Reported = true;
        return EssentialChildren.Includes(in child->Record) ? value : 0;
    }

    /// <summary>Read where core has it; the loader copies it into this server's own memory.</summary>
    private static LoadResult OpenProgram(in Environment environment, ReadOnlySpan<byte> binary, out RomFile program)
    {
        Span<byte> buffer = stackalloc byte[64];
        var file = new TextBuilder(buffer);
        file.Append(binary).Append(".elf"u8);
        return RomFile.Open(in environment, file.Text, out program);
    }
}
