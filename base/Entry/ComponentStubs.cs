using Iced.Intel;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Base.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Base.Entry;

/// <summary>The stubs of every user-level program: its entry, its threads' entry, and the system-call instruction.</summary>
internal static class ComponentStubs
{
    /// <summary>Where the linker script has the program begin.</summary>
    private const string Start = "_start";

    /// <summary>By this name ilc calls it.</summary>
    private const string RhpByRefAssignRef = nameof(RhpByRefAssignRef);

    /// <param name="file">Where they go.</param>
    /// <param name="isCore">Whether bootstrap starts the program, which then has core's mark.</param>
    public static void Write(StubFile file, bool isCore)
    {
        file.Section(".text", "ax");
        file.Function(Start, Entry(isCore));
        file.Function(ComponentEntryPoints.ThreadStart, ThreadEntry());
        file.Function(ComponentEntryPoints.SystemCallStub, SystemCallStub());
        file.Function(ComponentEntryPoints.ReadTimeStampCounter, ReadTimeStampCounter());
        file.Function(ComponentEntryPoints.StackPointer, StackPointer());
        file.Function(RhpByRefAssignRef, CopyReference());
        file.Function(ComponentEntryPoints.ThreadStartAddress, ThreadStartAddress());
        file.Function(ComponentEntryPoints.PrivilegedStub, PrivilegedStub());
        file.Function(ComponentEntryPoints.JumpStub, JumpStub());
        file.Section(".data", "aw");
        // ilc refers to these two as data: the cookie of functions with buffers, and a flag that is never set.
        file.Global("__security_cookie");
        file.Quad("0x2b992ddfa232");
        file.Global("RhpTrapThreads");
        file.Long("0");
    }

    /// <summary>The kernel starts the first thread here with rdi as WriteRegisters gave it and rsp at its stack's end.</summary>
    private static StubCode Entry(bool isCore)
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        if (isCore)
        {
            a.mov(r11, ImageMark.Core);
        }
        a.xor(ebp, ebp);
        a.and(rsp, -16);
        a.call(code.Target(ComponentEntryPoints.ComponentMain));
        a.ud2();
        return code;
    }

    /// <summary>Every further thread: rdi is its own argument.</summary>
    private static StubCode ThreadEntry()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.xor(ebp, ebp);
        a.and(rsp, -16);
        a.call(code.Target(ComponentEntryPoints.ThreadMain));
        a.ud2();
        return code;
    }

    /// <summary>
    /// void SystemCallStub(SystemCallFrame* sent, SystemCallFrame* received): loads number, address, info and words from the
    /// first, traps, and stores them into the second, which may be the same. Of all registers the kernel keeps rsp alone, so what C# wants kept lies on the stack.
    /// </summary>
    private static StubCode SystemCallStub()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.push(rbx);
        a.push(rbp);
        a.push(r12);
        a.push(r13);
        a.push(r14);
        a.push(r15);
        a.push(rsi);
        a.mov(rax, __[rdi + SystemCallLayout.Number]);
        a.mov(rbx, __[rdi + SystemCallLayout.Info]);
        a.mov(r12, __[rdi + SystemCallLayout.Word0]);
        a.mov(r13, __[rdi + SystemCallLayout.Word1]);
        a.mov(r14, __[rdi + SystemCallLayout.Word2]);
        a.mov(r15, __[rdi + SystemCallLayout.Word3]);
        a.mov(rdi, __[rdi + SystemCallLayout.Address]);
        a.syscall();
        a.pop(rcx);
        a.mov(__[rcx + SystemCallLayout.Number], rax);
        a.mov(__[rcx + SystemCallLayout.Address], rdi);
        a.mov(__[rcx + SystemCallLayout.Info], rbx);
        a.mov(__[rcx + SystemCallLayout.Word0], r12);
        a.mov(__[rcx + SystemCallLayout.Word1], r13);
        a.mov(__[rcx + SystemCallLayout.Word2], r14);
        a.mov(__[rcx + SystemCallLayout.Word3], r15);
        a.pop(r15);
        a.pop(r14);
        a.pop(r13);
        a.pop(r12);
        a.pop(rbp);
        a.pop(rbx);
        a.ret();
        return code;
    }

    /// <summary>ulong ReadTimeStampCounter(): ordered behind all earlier loads (Intel SDM vol. 2B, RDTSC).</summary>
    private static StubCode ReadTimeStampCounter()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.lfence();
        a.rdtsc();
        a.shl(rdx, 32);
        a.or(rax, rdx);
        a.ret();
        return code;
    }

    /// <summary>Where a thread starts, for those who start threads themselves.</summary>
    private static StubCode ThreadStartAddress()
    {
        var code = new StubCode();
        code.Assembler.lea(rax, code.At(ComponentEntryPoints.ThreadStart));
        code.Assembler.ret();
        return code;
    }

    /// <summary>Goes to the address in rdi, whatever is there.</summary>
    private static StubCode JumpStub()
    {
        var code = new StubCode();
        code.Assembler.jmp(rdi);
        return code;
    }

    /// <summary>An instruction that user mode may not execute, for components that show what happens then.</summary>
    private static StubCode PrivilegedStub()
    {
        var code = new StubCode();
        code.Assembler.hlt();
        code.Assembler.ret();
        return code;
    }

    private static StubCode StackPointer()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.mov(rax, rsp);
        a.ret();
        return code;
    }

    /// <summary>
    /// One reference of a structure that is copied on the heap: from [rsi] to [rdi], both then moved on by a word. The
    /// compiler expects all registers but rcx to be kept.
    /// </summary>
    private static StubCode CopyReference()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.mov(rcx, __[rsi]);
        a.mov(__[rdi], rcx);
        a.add(rsi, 8);
        a.add(rdi, 8);
        a.ret();
        return code;
    }
}
