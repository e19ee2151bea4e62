using System;
using System.IO;
using System.Text.Json;
using Iced.Intel;
using Skerry.Abi;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Qemu.Machines;

/// <summary>
/// Finds out whether KVM can be used, by using it. /dev/kvm existing says little: QEMU may lack access, refuse the
/// host's CPU, or run on a host that emulates ring 0 at hundreds of cycles an instruction. So a tiny guest counts down
/// from a hundred million and reports success. A processor does that in a tenth of a second; where it takes longer than
/// the limit, KVM is no help. The answer holds until the host reboots and is kept in <c>out/kvm.json</c>.
/// </summary>
public static class KvmProbe
{
    private const string Device = "/dev/kvm";
    private const string BootIdentity = "/proc/sys/kernel/random/boot_id";
    private const uint Iterations = 100_000_000;
    private const ushort DebugExitPort = 0xf4;
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(3);

    public static KvmAnswer Ask(Repository repository)
    {
        string cache = Path.Combine(repository.Output, "kvm.json");
        string boot = File.Exists(BootIdentity) ? File.ReadAllText(BootIdentity).Trim() : "";
        if (ReadCache(cache) is { } known && known.Boot == boot)
        {
            return known;
        }
        string? reason = WhyNot(repository);
        var answer = new KvmAnswer(boot, reason is null, reason ?? "a guest ran at the processor's speed");
        OutputFile.Write(cache, JsonSerializer.Serialize(answer));
        return answer;
    }

    /// <returns>Why KVM cannot be used; null if it can.</returns>
    private static string? WhyNot(Repository repository)
    {
        try
        {
            using FileStream device = File.Open(Device, FileMode.Open, FileAccess.ReadWrite);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{Device} cannot be opened: {exception.Message}";
        }
        string image = Path.Combine(repository.Output, "kvm-probe.elf");
        OutputFile.Write(image, PvhImage.Build(CountDown()));
        var options = new MachineOptions
        {
            Topology = OneCpu(),
            Kernel = image,
            Accelerator = Accelerator.Kvm,
            TimeLimit = _limit,
        };
        MachineResult result = QemuMachine.Run(options);
        return result.Status == ExitStatus.Success ? null : $"a tiny guest did not run: {result.Reason}";
    }

    private static byte[] CountDown()
    {
        var assembler = new Assembler(32);
        Label again = assembler.CreateLabel();
        assembler.mov(ecx, Iterations);
        assembler.Label(ref again);
        assembler.dec(ecx);
        assembler.jne(again);
        assembler.mov(dx, DebugExitPort);
        assembler.mov(eax, (uint)ExitCode.Success);
        assembler.@out(dx, eax);
        using var code = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(code), PvhImage.CodeAddress);
        return code.ToArray();
    }

    private static Topology OneCpu()
    {
        var diagnostics = new Diagnostics("(KVM probe)");
        ReadOnlySpan<byte> text = """{ "numaTables": false, "nodes": [{ "memory": "32M", "cpus": 1 }] }"""u8;
        return TopologyReader.Read(SourceParser.Parse(text, diagnostics), diagnostics);
    }

    private static KvmAnswer? ReadCache(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<KvmAnswer>(File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or JsonException)
        {
            return null;
        }
    }
}
