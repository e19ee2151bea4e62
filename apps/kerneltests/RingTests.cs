using System;
using Skerry.Abi;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelTests;

/// <summary>
/// A program tries every instruction that could lead out of ring 3, or use what reset left in the processor: each is an
/// exception of its own thread (docs/processor-state.md).
/// </summary>
internal static unsafe class RingTests
{
    private const uint Priority = 20;

    /// <summary>Where the instructions are tried; what goes on behind them is undefined.</summary>
    private const ulong Tried = CodePage.Code + 0x800;
    private const ulong Target = Tried + 0x80;

    /// <summary>lea rsp, [rsp + 0x800]: room on the data page for what is pushed.</summary>
    private const ulong StackPrefixBytes = 8;
    private const int InvalidOpcode = 6;
    private const int GeneralProtection = 13;

    /// <summary>What LDTR says after reset: a table at address 0, of 64 KiB. A page of it is the program's own.</summary>
    private const ulong LocalTable = 0x1000;
    private const uint LocalGate = 0x1007;
    private const uint LocalCode32 = 0x1017;
    private const ulong TableWindow = UserLayout.AttachBase + 0x210_0000;

    private static Worker worker;
    private static bool started;
    private static ulong tried;
    private static ulong wrong;

    /// <summary>Behind <see cref="FaultReceiver.Open"/>.</summary>
    public static bool Run()
    {
        worker = CodePage.Thread(0, Priority, Tried);
        MakeLocalTable();
        Instructions();
        Interrupts();
        Selectors();
        Flags();
        Workshop.Must(worker.Thread.Suspend());
        Console.Test("ring-3-stays"u8, wrong == 0, "first wrong of those tried"u8, wrong);
        return wrong == 0;
    }

    /// <summary>A call gate to code of ring 0, and a segment for code of 32 bits, where LDTR would find them.</summary>
    private static void MakeLocalTable()
    {
        FrameCapability frame = Workshop.Frame(1);
        const FrameRights rights = FrameRights.Read | FrameRights.Write;
        Workshop.Map(Workshop.OwnSpace, frame, TableWindow, rights, 1);
        Workshop.Map(CodePage.Space, CodePage.Copy(frame), LocalTable, rights, 1);
        var table = (ulong*)TableWindow;
        table[0] = (Target & 0xffff) | 0x8ul << 16 | 0xecul << 40 | (Target >> 16 & 0xffff) << 48;
        table[1] = Target >> 32;
        table[2] = 0x00cf_fb00_0000_ffff;
        CodePage.Put(Target, "0f0b"u8);
    }

    private static void Instructions()
    {
        // hlt, cli, sti, clts; lgdt, lidt, lldt, ltr, lmsw
        All("f4"u8, "fa"u8, "fb"u8, "0f06"u8, "e460"u8, "ed"u8);
        // invd, wbinvd; and ud2
        RefusedOrNothing("0f08 0f0b"u8);
        RefusedOrNothing("0f09 0f0b"u8);
        All("0f011424"u8, "0f011c24"u8, "0f00d0"u8, "0f00d8"u8, "0f01f0"u8, "0f013c24"u8);
        // mov of cr0, cr2, cr3, cr4, cr8, dr0, dr7; rdmsr, wrmsr, rdpmc, xsetbv
        All("0f20c0"u8, "0f22c0"u8, "0f20d0"u8, "0f22d8"u8, "0f22e0"u8, "440f22c0"u8);
        All("0f21c0"u8, "0f23f8"u8, "0f32"u8, "0f30"u8, "0f33"u8, "0f01d1"u8);
        // swapgs, sysretq, sysexitq, sysenter; in, out, insb, outsb
        All("0f01f8"u8, "480f07"u8, "480f35"u8, "0f34"u8, "e460"u8, "e680"u8);
        // in eax, dx; outsb; and what UMIP refuses: sgdt, sidt, sldt, smsw
        All("ed"u8, "6e"u8, "0f010424"u8, "0f010c24"u8, "0f00c0"u8, "0f01e0"u8);
        // rdfsbase, wrfsbase, rdgsbase, wrgsbase, stac, clac; wrpkru, rsm
        Undefined("f3480faec0"u8, "f3480faed0"u8, "f3480faec8"u8, "f3480faed8"u8);
        Undefined("0f01cb"u8, "0f01ca"u8, "0f01ef"u8, "0faa"u8);
    }

    private static void All(
        ReadOnlySpan<byte> a,
        ReadOnlySpan<byte> b,
        ReadOnlySpan<byte> c,
        ReadOnlySpan<byte> d,
        ReadOnlySpan<byte> e,
        ReadOnlySpan<byte> f
    )
    {
        Try(a, GeneralProtection, 0);
        Try(b, GeneralProtection, 0);
        Try(c, GeneralProtection, 0);
        Try(d, GeneralProtection, 0);
        Try(e, GeneralProtection, 0);
        Try(f, GeneralProtection, 0);
    }

    /// <summary>QEMU 10 has no caches, and takes these for nothing at all in every ring: UD2 behind them shows.</summary>
    private static void RefusedOrNothing(ReadOnlySpan<byte> code)
    {
        CodePage.Put(Tried, code);
        Execute();
        bool isNothing = FaultReceiver.Last.Word0 == InvalidOpcode;
        Judge(isNothing ? InvalidOpcode : GeneralProtection, isNothing ? 2u : 0u, true);
    }

    private static void Undefined(
        ReadOnlySpan<byte> a,
        ReadOnlySpan<byte> b,
        ReadOnlySpan<byte> c,
        ReadOnlySpan<byte> d
    )
    {
        Try(a, InvalidOpcode, 0);
        Try(b, InvalidOpcode, 0);
        Try(c, InvalidOpcode, 0);
        Try(d, InvalidOpcode, 0);
    }

    /// <summary>No gate is user mode's. The error code names the interrupt descriptor table; the rest of it QEMU gets wrong.</summary>
    private static void Interrupts()
    {
        for (uint vector = 0; vector < 256; vector++)
        {
            CodePage.Put(Tried, "cd00"u8);
            CodePage.PutByte(Tried + 1, (byte)vector);
            Execute();
            const ulong interruptTable = 2;
            Judge(GeneralProtection, 0, (FaultReceiver.Last.Word2 & 7) == interruptTable);
        }
        // int3
        CodePage.Put(Tried, "cc"u8);
        Execute();
        Judge(GeneralProtection, 0, true);
    }

    /// <summary>The kernel's segments, the task state's descriptor, what is behind the end of the table, local ones.</summary>
    private static void Selectors()
    {
        // 0x08, 0x10, 0x28, 0x30, 0x38
        const ulong eighths = 1ul << 1 | 1ul << 2 | 1ul << 5 | 1ul << 6 | 1ul << 7;
        for (uint i = 0; i < 8; i++)
        {
            if ((eighths >> (int)i & 1) != 0)
            {
                Use(i << 3);
                Use(i << 3 | 3);
            }
        }
        const uint local = 4;
        Use(local);
        Use(1 << 3 | local);
        Use(LocalGate);
        Use(LocalCode32);
        // Data, and none at all.
        Go(0x1b);
        Go(0x18);
        Go(0);
        Go(3);
    }

    private static void Use(uint selector)
    {
        Load("b800000000 8ed8"u8, selector);
        Load("b800000000 8ec0"u8, selector);
        Load("b800000000 8ee0"u8, selector);
        Load("b800000000 8ee8"u8, selector);
        Load("b800000000 8ed0"u8, selector);
        Go(selector);
    }

    /// <summary>mov eax, selector; mov segment, eax.</summary>
    private static void Load(ReadOnlySpan<byte> code, uint selector)
    {
        CodePage.Put(Tried, code);
        CodePage.PutWord(Tried + 1, selector);
        Execute();
        Judge(GeneralProtection, 5, FaultReceiver.Last.Word2 == (selector & ~3u));
    }

    /// <summary>By far jump and call, far return and IRETQ.</summary>
    private static void Go(uint selector)
    {
        ulong error = selector & ~3u;
        CodePage.Word(0) = Target | (ulong)selector << 32;
        Try("ff2c24"u8, GeneralProtection, error);
        CodePage.Word(0) = Target | (ulong)selector << 32;
        Try("ff1c24"u8, GeneralProtection, error);
        CodePage.Put(Tried, "488da42400080000 6800000000 6800000000 48cb"u8);
        CodePage.PutWord(Tried + StackPrefixBytes + 1, selector);
        CodePage.PutWord(Tried + StackPrefixBytes + 6, (uint)Target);
        Execute();
        JudgeReturn(StackPrefixBytes + 10, error);
        // push UserData; push rsp; push 0x202; push selector; push Target; iretq
        CodePage.Put(Tried, "488da42400080000 6a1b 54 6802020000 6800000000 6800000000 48cf"u8);
        CodePage.PutWord(Tried + StackPrefixBytes + 9, selector);
        CodePage.PutWord(Tried + StackPrefixBytes + 14, (uint)Target);
        Execute();
        JudgeReturn(StackPrefixBytes + 18, error);
    }

    /// <summary>All flags that a program can set: with them into the kernel, by an exception and by a system call.</summary>
    private static void Flags()
    {
        // push 0x247cd7; popfq; in al, 0x60: IOPL is no program's
        CodePage.Put(Tried, "488da42400080000 68d77c2400 9d e460"u8);
        Execute();
        Judge(GeneralProtection, StackPrefixBytes + 6, FaultReceiver.Last.Word2 == 0);
        CodePage.Put(Tried, "488da42400080000 68d77c2400 9d 0f0b"u8);
        Execute();
        Judge(InvalidOpcode, StackPrefixBytes + 6, true);
        // the same; mov eax, Yield; syscall; pushfq; ud2
        CodePage.Put(Tried, "488da42400080000 68d77c2400 9d b808000000 0f05 9c 0f0b"u8);
        Execute();
        const ulong afterCall = 0x202;
        Judge(InvalidOpcode, StackPrefixBytes + 14, CodePage.Word(0xff) == afterCall);
    }

    private static void Try(ReadOnlySpan<byte> code, int vector, ulong error)
    {
        CodePage.Put(Tried, code);
        Execute();
        Judge(vector, 0, FaultReceiver.Last.Word2 == error);
    }

    /// <summary>From the start of what is tried to the next fault.</summary>
    private static void Execute()
    {
        tried++;
        if (!started)
        {
            started = true;
            worker.Start();
            FaultReceiver.Receive(FaultLabel.Exception);
            return;
        }
        FaultReceiver.NextWith(RegisterWords.Short, Tried, 0, FaultLabel.Exception);
    }

    /// <summary>
    /// QEMU before version 9.1 reads the stack of a far return as ring 0 would, which SMAP refuses: a page fault that is
    /// no access of user mode.
    /// </summary>
    private static void JudgeReturn(ulong offset, ulong error)
    {
        ref Message fault = ref FaultReceiver.Last;
        bool isRingZeros =
            fault.Info.IsFromKernel
            && fault.Info.Label == (ulong)FaultLabel.Page
            && fault.Word1 == Tried + offset
            && (FaultAccess)fault.Word2 == FaultAccess.Present;
        if (!isRingZeros)
        {
            Judge(GeneralProtection, offset, fault.Word2 == error);
        }
    }

    /// <summary>It was to be this exception, at this instruction.</summary>
    private static void Judge(int vector, ulong offset, bool more)
    {
        ref Message fault = ref FaultReceiver.Last;
        bool isException = fault.Info.IsFromKernel && fault.Info.Label == (ulong)FaultLabel.Exception;
        bool isRight = isException && fault.Word0 == (ulong)vector && fault.Word1 == Tried + offset && more;
        if (!isRight && wrong == 0)
        {
            wrong = tried;
        }
    }
}
