using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Iced.Intel;
using Skerry.Kernel.Layout;

namespace Skerry.Stubs.Assembly;

/// <summary>
/// The directives by which `as` describes a stub's frames for debuggers (DWARF 5, 6.4, call frame information). A backtrace
/// so goes through a stub to the C# that called it, and through a door of the kernel to the component that came in by it.
/// </summary>
internal sealed class CallFrames
{
    private const int WordBytes = 8;

    /// <summary>Words of the hardware's frame: ss, rsp, rflags, cs, rip (Intel SDM vol. 3A, figure 6-9).</summary>
    private const int HardwareWords = 5;

    // DWARF: DW_CFA_expression, DW_OP_breg7 (rsp), DW_OP_deref, DW_OP_plus_uconst.
    private const byte Expression = 0x10;
    private const byte StackPointerPlus = 0x77;
    private const byte Load = 0x06;
    private const byte Plus = 0x23;

    /// <summary>
    /// Those that a function keeps (System V ABI, figure 3.4), their numbers in DWARF (figure 3.36), and where a thread has them.
    /// </summary>
    private static readonly (Register Register, int Number, int InThread)[] _kept =
    [
        (Register.RBX, 3, ThreadLayout.Rbx),
        (Register.RBP, 6, ThreadLayout.Rbp),
        (Register.R12, 12, ThreadLayout.R12),
        (Register.R13, 13, ThreadLayout.R13),
        (Register.R14, 14, ThreadLayout.R14),
        (Register.R15, 15, ThreadLayout.R15),
    ];

    private const int StackPointer = 7;
    private const int InstructionPointer = 16;

    private readonly IReadOnlyDictionary<int, StubFrame> _frames;
    private StubFrame _last = StubFrame.Called;

    /// <param name="code">The stub.</param>
    /// <param name="start">As it is before its first instruction.</param>
    public CallFrames(StubCode code, StubFrame start)
    {
        StubFrame known = code.Assembler.Bitness == 64 ? start : StubFrame.Unknown;
        _frames = FrameWalk.Of([.. code.Assembler.Instructions], known);
        Begin = "\t.cfi_startproc\n" + (known.IsBorder ? "\t.cfi_signal_frame\n" : "");
    }

    /// <summary>Behind the stub's name.</summary>
    public string Begin { get; }

    public static string End => "\t.cfi_endproc\n";

    /// <summary>What is different before the instruction with this index.</summary>
    public string Before(int index)
    {
        StubFrame frame = _frames.GetValueOrDefault(index, StubFrame.Unknown);
        if (frame == _last)
        {
            return "";
        }
        _last = frame;
        var text = new StringBuilder();
        foreach (string directive in Directives(frame))
        {
            text.Append(CultureInfo.InvariantCulture, $"\t.cfi_{directive}\n");
        }
        return text.ToString();
    }

    /// <summary>All of a frame, as the one before may have had other rules.</summary>
    private static IEnumerable<string> Directives(StubFrame frame)
    {
        int above = WordsAbove(frame.Place);
        yield return Invariant($"def_cfa rsp, {(frame.Pushed.Length + above) * WordBytes}");
        switch (frame.Place)
        {
            case CallerPlace.Unknown:
                yield return "undefined rip";
                yield break;
            case CallerPlace.Registers:
                yield return "register rip, rcx";
                break;
            case CallerPlace.Thread:
            case CallerPlace.HardwareFrame:
                yield return $"val_encoded_addr rip, 0, {FrameBorder.BehindOf(frame.Place)}";
                break;
            case CallerPlace.BehindThread:
                yield return InThread(InstructionPointer, ThreadLayout.Rip);
                break;
            case CallerPlace.BehindHardwareFrame:
            case CallerPlace.Stack:
                yield return Invariant($"offset rip, {-above * WordBytes}");
                break;
        }
        yield return frame.Place switch
        {
            CallerPlace.BehindThread => InThread(StackPointer, ThreadLayout.Rsp),
            CallerPlace.BehindHardwareFrame => Invariant($"offset rsp, {-2 * WordBytes}"),
            _ => "val_offset rsp, 0",
        };
        foreach ((Register register, int number, int inThread) in _kept)
        {
            int place = Array.IndexOf(frame.Pushed, register);
            string name = register.ToString().ToLowerInvariant();
            yield return frame.Place == CallerPlace.BehindThread ? InThread(number, inThread)
            : place < 0 ? $"same_value {name}"
            : Invariant($"offset {name}, {-(place + 1 + above) * WordBytes}");
        }
    }

    /// <summary>Of what lies between what was pushed and the frame's end.</summary>
    private static int WordsAbove(CallerPlace place) =>
        place switch
        {
            CallerPlace.Stack => 1,
            CallerPlace.BehindHardwareFrame => HardwareWords,
            _ => 0,
        };

    /// <summary>A register lies in the current thread of the CPU that the word at rsp names.</summary>
    private static string InThread(int register, int offset)
    {
        byte[] place = [StackPointerPlus, 0, Load, Plus, .. Number(CpuLayout.Current), Load, Plus, .. Number(offset)];
        byte[] rule = [Expression, (byte)register, (byte)place.Length, .. place];
        return "escape " + string.Join(",", rule.Select(value => Invariant($"0x{value:x2}")));
    }

    /// <summary>ULEB128 (DWARF 5, 7.6).</summary>
    private static IEnumerable<byte> Number(int value)
    {
        for (; value > 0x7f; value >>= 7)
        {
            yield return (byte)(value | 0x80);
        }
        yield return (byte)value;
    }

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
