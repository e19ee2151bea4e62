using System;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Boot.Layout;
using Skerry.Kernel.Layout;
using Skerry.Tests.Image.Checks;
using Skerry.Tests.Image.Code;
using Xunit;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Tests.Image;

public sealed class PrivilegedTests
{
    private static readonly Dictionary<string, IReadOnlySet<Mnemonic>> _none = [];

    private static readonly Dictionary<string, IReadOnlySet<Mnemonic>> _kernel = Allow([
        ("KernelEntry", [Mnemonic.Cli, Mnemonic.Mov]),
        .. Doors(DoorNames.Of("SystemCallEntry"), [Mnemonic.Swapgs, Mnemonic.Mov, Mnemonic.Sysretq]),
        .. Doors(DoorNames.Of("Vector14"), [Mnemonic.Swapgs, Mnemonic.Mov, Mnemonic.Sysretq]),
        .. Doors(
            DoorNames.Unmitigated("SwitchAndResume"),
            [Mnemonic.Swapgs, Mnemonic.Mov, Mnemonic.Sysretq, Mnemonic.Iretq]
        ),
        .. Doors(DoorNames.Unmitigated("SystemCallEntryDebugged"), [Mnemonic.Swapgs]),
        .. Doors(DoorNames.Mitigated("SystemCallEntryDebugged"), [Mnemonic.Swapgs, Mnemonic.Mov]),
        .. Doors(DoorNames.Of("Vector1"), [Mnemonic.Mov, Mnemonic.Iretq]),
        .. Doors(DoorNames.Unmitigated("TrapCommon"), [Mnemonic.Swapgs]),
        .. Doors(DoorNames.Unmitigated("TrapCritical"), [Mnemonic.Swapgs, Mnemonic.Rdmsr]),
        .. Doors(DoorNames.Unmitigated("Resume"), [Mnemonic.Swapgs, Mnemonic.Sysretq, Mnemonic.Iretq]),
        .. Doors(DoorNames.Mitigated("TrapCommon"), [Mnemonic.Swapgs, Mnemonic.Mov]),
        .. Doors(DoorNames.Mitigated("TrapCritical"), [Mnemonic.Swapgs, Mnemonic.Rdmsr, Mnemonic.Mov]),
        .. Doors(
            DoorNames.Mitigated("Resume", "SwitchAndResume"),
            [Mnemonic.Swapgs, Mnemonic.Sysretq, Mnemonic.Iretq, Mnemonic.Mov, Mnemonic.Wrmsr]
        ),
        .. Doors(DoorNames.Mitigated("SwitchSpace"), [Mnemonic.Swapgs, Mnemonic.Sysretq, Mnemonic.Mov, Mnemonic.Wrmsr]),
        (EntryPoints.HardwareIdle, [Mnemonic.Sti, Mnemonic.Hlt]),
        (EntryPoints.HardwareOut8, [Mnemonic.Out]),
        (EntryPoints.HardwareOut16, [Mnemonic.Out]),
        (EntryPoints.HardwareOut32, [Mnemonic.Out]),
        (EntryPoints.HardwareIn8, [Mnemonic.In]),
        (EntryPoints.HardwareIn16, [Mnemonic.In]),
        (EntryPoints.HardwareIn32, [Mnemonic.In]),
        (EntryPoints.HardwareReadPageFaultAddress, [Mnemonic.Mov]),
        (EntryPoints.HardwareLoadRoot, [Mnemonic.Mov]),
        (EntryPoints.HardwareLoadDebugRegisters, [Mnemonic.Mov]),
        (EntryPoints.HardwareTakeDebugCause, [Mnemonic.Mov]),
        (EntryPoints.HardwareInvalidatePage, [Mnemonic.Invlpg]),
        (EntryPoints.HardwareReadControl4, [Mnemonic.Mov]),
        (EntryPoints.HardwareWriteControl4, [Mnemonic.Mov]),
        (EntryPoints.HardwareWriteModelSpecificRegister, [Mnemonic.Wrmsr]),
        (EntryPoints.HardwareWriteModelSpecificRegisterInOrder, [Mnemonic.Wrmsr]),
        (EntryPoints.HardwareReadModelSpecificRegister, [Mnemonic.Rdmsr]),
        (EntryPoints.HardwareWriteExtendedControl, [Mnemonic.Xsetbv]),
        (EntryPoints.HardwareLoadTables, [Mnemonic.Lgdt, Mnemonic.Lidt, Mnemonic.Lldt, Mnemonic.Ltr]),
        (EntryPoints.HardwareLoadInterruptTable, [Mnemonic.Lidt]),
        (EntryPoints.HardwareHaltForever, [Mnemonic.Cli, Mnemonic.Hlt]),
    ]);

    private static readonly Dictionary<string, IReadOnlySet<Mnemonic>> _boot = Allow(
        ("PvhEntry", [Mnemonic.Cli, Mnemonic.Lgdt, Mnemonic.Mov, Mnemonic.Rdmsr, Mnemonic.Wrmsr]),
        ("CheckArchive", [Mnemonic.Cli, Mnemonic.Hlt, Mnemonic.Out]),
        ("WriteFour", [Mnemonic.In, Mnemonic.Out]),
        ("NameMissingFeatures", [Mnemonic.Cli, Mnemonic.Hlt, Mnemonic.Out]),
        ("WriteText", [Mnemonic.In, Mnemonic.Out]),
        ("ProcessorEntry32", [Mnemonic.Lgdt, Mnemonic.Mov, Mnemonic.Rdmsr, Mnemonic.Wrmsr]),
        ("BootLongMode", [Mnemonic.Mov, Mnemonic.Xsetbv]),
        ("ProcessorLongMode", [Mnemonic.Lidt, Mnemonic.Mov, Mnemonic.Xsetbv]),
        ("Trampoline", [Mnemonic.Cli, Mnemonic.Lgdt, Mnemonic.Mov]),
        ("FaultCommon", [Mnemonic.Mov]),
        (BootEntryPoints.ProcessorOutByte, [Mnemonic.Out]),
        (BootEntryPoints.ProcessorInByte, [Mnemonic.In]),
        (BootEntryPoints.ProcessorInDoubleWord, [Mnemonic.In]),
        (BootEntryPoints.ProcessorReadMsr, [Mnemonic.Rdmsr]),
        (BootEntryPoints.ProcessorWriteMsr, [Mnemonic.Wrmsr]),
        (BootEntryPoints.ProcessorStopCaching, [Mnemonic.Mov, Mnemonic.Wbinvd]),
        (BootEntryPoints.ProcessorStartCaching, [Mnemonic.Mov, Mnemonic.Wbinvd]),
        (BootEntryPoints.ProcessorLoadFaultVectors, [Mnemonic.Lidt]),
        (BootEntryPoints.ProcessorReloadRootTable, [Mnemonic.Mov]),
        ("WakeVector", [Mnemonic.Iretq]),
        (BootEntryPoints.ProcessorHaltOnce, [Mnemonic.Sti, Mnemonic.Hlt, Mnemonic.Cli]),
        (BootEntryPoints.ProcessorHaltForever, [Mnemonic.Cli, Mnemonic.Hlt]),
        (BootEntryPoints.ProcessorEnterKernel, [Mnemonic.Mov])
    );

    /// <summary>Components that are made to be caught call this one, which every image is linked with.</summary>
    private static readonly Dictionary<string, IReadOnlySet<Mnemonic>> _component = Allow(
        ("PrivilegedStub", [Mnemonic.Hlt])
    );

    public static TheoryData<string> Components => ImageFiles.Components;

    [Fact]
    public void TheKernelKeepsThemInItsStubs() =>
        FindingAssert.None(PrivilegedCheck.Run(ImageFiles.Code("kernel"), _kernel));

    [Fact]
    public void BootstrapKeepsThemInItsStubs() =>
        FindingAssert.None(PrivilegedCheck.Run(ImageFiles.Code("boot"), _boot));

    [Theory]
    [MemberData(nameof(Components))]
    public void ComponentsHaveNone(string name) =>
        FindingAssert.None(PrivilegedCheck.Run(ImageFiles.Code(name), _component));

    [Fact]
    public void OneInAnotherFunctionIsSeen()
    {
        MachineCode code = new CodeBuilder().Routine("Ordinary", a => a.mov(cr3, rax)).Build();
        FindingAssert.Single("privileged instruction", PrivilegedCheck.Run(code, _kernel));
    }

    [Fact]
    public void AnotherOneInAStubIsSeen()
    {
        MachineCode code = new CodeBuilder().Routine(EntryPoints.HardwareOut8, a => a.wrmsr()).Build();
        FindingAssert.Single("privileged instruction", PrivilegedCheck.Run(code, _kernel));
    }

    public static TheoryData<string> Privileged =>
        [
            "iretq",
            "sysretq",
            "swapgs",
            "rdpmc",
            "monitor",
            "mwait",
            "wrgsbase",
            "wrfsbase",
            "hlt",
            "in",
            "cli",
            "invlpg",
        ];

    [Theory]
    [MemberData(nameof(Privileged))]
    public void EveryKindIsSeen(string mnemonic)
    {
        Action<Assembler> body = mnemonic switch
        {
            "iretq" => a => a.iretq(),
            "sysretq" => a => a.sysretq(),
            "swapgs" => a => a.swapgs(),
            "rdpmc" => a => a.rdpmc(),
            "monitor" => a => a.monitor(),
            "mwait" => a => a.mwait(),
            "wrgsbase" => a => a.wrgsbase(rax),
            "wrfsbase" => a => a.wrfsbase(rax),
            "hlt" => a => a.hlt(),
            "in" => a => a.@in(al, dx),
            "cli" => a => a.cli(),
            "invlpg" => a => a.invlpg(__[rax]),
            _ => throw new ArgumentOutOfRangeException(nameof(mnemonic)),
        };
        MachineCode code = new CodeBuilder().Routine("Ordinary", body).Build();
        FindingAssert.Single("privileged instruction", PrivilegedCheck.Run(code, _none));
    }

    private static IEnumerable<(string Stub, Mnemonic[] Mnemonics)> Doors(
        IEnumerable<string> doors,
        Mnemonic[] mnemonics
    ) => doors.Select(name => (name, mnemonics));

    private static Dictionary<string, IReadOnlySet<Mnemonic>> Allow(
        params (string Stub, Mnemonic[] Mnemonics)[] stubs
    ) => stubs.ToDictionary(stub => stub.Stub, stub => (IReadOnlySet<Mnemonic>)stub.Mnemonics.ToHashSet());
}
