using System;
using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
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
        ("Idle", [Mnemonic.Sti, Mnemonic.Hlt]),
        ("HardwareOut8", [Mnemonic.Out]),
        ("HardwareOut16", [Mnemonic.Out]),
        ("HardwareOut32", [Mnemonic.Out]),
        ("HardwareIn8", [Mnemonic.In]),
        ("HardwareIn16", [Mnemonic.In]),
        ("HardwareIn32", [Mnemonic.In]),
        ("HardwareReadPageFaultAddress", [Mnemonic.Mov]),
        ("HardwareLoadRoot", [Mnemonic.Mov]),
        ("HardwareLoadDebugRegisters", [Mnemonic.Mov]),
        ("HardwareTakeDebugCause", [Mnemonic.Mov]),
        ("HardwareInvalidatePage", [Mnemonic.Invlpg]),
        ("HardwareReadControl4", [Mnemonic.Mov]),
        ("HardwareWriteControl4", [Mnemonic.Mov]),
        ("HardwareWriteModelSpecificRegister", [Mnemonic.Wrmsr]),
        ("HardwareReadModelSpecificRegister", [Mnemonic.Rdmsr]),
        ("HardwareWriteExtendedControl", [Mnemonic.Xsetbv]),
        ("HardwareLoadTables", [Mnemonic.Lgdt, Mnemonic.Lidt, Mnemonic.Ltr]),
        ("HardwareLoadInterruptTable", [Mnemonic.Lidt]),
        ("HardwareHalt", [Mnemonic.Cli, Mnemonic.Hlt]),
    ]);

    private static readonly Dictionary<string, IReadOnlySet<Mnemonic>> _boot = Allow(
        ("PvhEntry", [Mnemonic.Cli, Mnemonic.Lgdt, Mnemonic.Mov, Mnemonic.Rdmsr, Mnemonic.Wrmsr]),
        ("ProcessorEntry32", [Mnemonic.Lgdt, Mnemonic.Mov, Mnemonic.Rdmsr, Mnemonic.Wrmsr]),
        ("BootLongMode", [Mnemonic.Mov, Mnemonic.Xsetbv]),
        ("ProcessorLongMode", [Mnemonic.Lidt, Mnemonic.Mov, Mnemonic.Xsetbv]),
        ("Trampoline", [Mnemonic.Cli, Mnemonic.Lgdt, Mnemonic.Mov]),
        ("FaultCommon", [Mnemonic.Mov]),
        ("OutByte", [Mnemonic.Out]),
        ("InByte", [Mnemonic.In]),
        ("ReadMsr", [Mnemonic.Rdmsr]),
        ("LoadFaultVectors", [Mnemonic.Lidt]),
        ("ReloadRootTable", [Mnemonic.Mov]),
        ("HaltForever", [Mnemonic.Cli, Mnemonic.Hlt]),
        ("EnterKernel", [Mnemonic.Mov])
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
        MachineCode code = new CodeBuilder().Routine("HardwareOut8", a => a.wrmsr()).Build();
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
