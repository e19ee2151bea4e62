using Iced.Intel;
using Skerry.Abi;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Kernel.Entry;

/// <summary>
/// The door of page faults: the fault becomes a message in the registers of the pager, which runs next if it waits
/// (Faults.DeliverToWaiting).
/// </summary>
internal static class PageFaultStubs
{
    private const int CodeSegmentOffset = 16;

    public static void Write(StubFile file, DoorVariant variant)
    {
        file.Door(variant.Name(TrapStubs.NameOf(Vectors.PageFault)), PageFault(variant), StubFrame.Trap(words: 1));
    }

    private static StubCode PageFault(DoorVariant variant)
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label fromKernel = a.CreateLabel();
        Label declined = a.CreateLabel();
        a.test(__byte_ptr[rsp + CodeSegmentOffset], 3);
        a.je(fromKernel);
        a.swapgs();
        BarrierCode.FenceSwapgs(a, variant);
        EntryHooks.Trap(a, variant);
        FrameCode.Save(a, variant);
        FrameCode.SaveExtendedState(a, variant);
        // The message: info, address, instruction pointer (r13 already), access (r14 already), cookie.
        a.mov(ebx, unchecked((int)MessageInfo.FromKernel(FaultLabel.Page, MessageLimits.RegisterWords).Value));
        a.mov(r12, cr2);
        EntryHooks.PageFaultSaved(a, variant);
        a.mov(r15, __qword_ptr[rcx + ThreadLayout.Cookie]);
        a.xor(ebp, ebp);
        a.mov(rsi, rcx);
        a.mov(rdi, __qword_ptr.gs[CpuLayout.Self]);
        a.call(code.Target(EntryPoints.FaultsDeliverToWaiting));
        SystemCallStubs.SwitchTo(code, variant, hasBadge: true, declined);

        a.Label(ref declined);
        a.mov(rdi, __qword_ptr.gs[CpuLayout.Self]);
        a.mov(rsi, r12);
        a.mov(rdx, r14);
        a.call(code.Target(EntryPoints.FaultsPageFault));
        a.jmp(code.Target(variant.Name(EntryNames.Resume)));

        a.Label(ref fromKernel);
        a.push(Vectors.PageFault);
        a.jmp(code.Target(variant.Name(EntryNames.TrapCommon)));
        return code;
    }
}
