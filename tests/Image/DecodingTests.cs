using System.Collections.Generic;
using System.Linq;
using Iced.Intel;
using Skerry.Tests.Image.Code;
using Skerry.Tests.Image.Elf;
using Xunit;

namespace Skerry.Tests.Image;

/// <summary>What the other checks build on: every image is there and every byte of its code is understood.</summary>
public sealed class DecodingTests
{
    public static TheoryData<string> All => ImageFiles.All;

    [Theory]
    [InlineData("boot")]
    [InlineData("kernel")]
    [InlineData("core")]
    [InlineData("vcore")]
    public void TheProgramIsThere(string name) => Assert.Contains(name, ImageFiles.Names);

    [Theory]
    [MemberData(nameof(All))]
    public void AllCodeIsUnderstood(string name)
    {
        MachineCode code = ImageFiles.Code(name);
        Assert.NotEmpty(code.Routines);
        FindingAssert.None(
            (
                from entry in ControlFlow.All(code)
                where entry.Instruction.IsInvalid
                select entry.Routine.Finding(entry.Instruction, "no instruction")
            ).ToArray()
        );
    }

    /// <summary>Code that no symbol names would be seen by no check.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void BetweenFunctionsLiesOnlyPadding(string name)
    {
        ElfFile elf = ImageFiles.Elf(name);
        MachineCode code = ImageFiles.Code(name);
        foreach (ElfSegment segment in elf.Segments.Where(segment => segment.Flags.HasFlag(ElfSegmentFlags.Execute)))
        {
            FindingAssert.None(Unnamed(code, segment, elf.ContentOf(segment)));
        }
    }

    [Fact]
    public void CodeWithoutANameIsSeen()
    {
        MachineCode code = new CodeBuilder().Routine("Named", a => a.ret()).Build();
        byte[] content = [0xc3, 0x90, 0xcc, 0x0f, 0x01, 0xf8]; // ret, nop, int3, swapgs
        var segment = new ElfSegment(code["Named"].Start, 6, 0, 6, ElfSegmentFlags.Execute);
        FindingAssert.Single("no function: swapgs", Unnamed(code, segment, content));
    }

    /// <summary>What lies between functions and is neither a way to do nothing nor a breakpoint.</summary>
    private static Finding[] Unnamed(MachineCode code, ElfSegment segment, byte[] content)
    {
        ulong end = segment.Address + (ulong)content.Length;
        Routine[] inside = code
            .Routines.Where(routine => routine.Start >= segment.Address && routine.Start < end)
            .ToArray();
        IEnumerable<ulong> gapStarts = inside.Select(routine => routine.End).Prepend(segment.Address);
        IEnumerable<ulong> gapEnds = inside.Select(routine => routine.Start).Append(end);
        var findings = new List<Finding>();
        foreach ((ulong first, ulong last) in gapStarts.Zip(gapEnds).Where(gap => gap.First < gap.Second))
        {
            var bytes = new ByteArrayCodeReader(content, (int)(first - segment.Address), (int)(last - first));
            var decoder = Decoder.Create(64, bytes, first);
            while (decoder.IP < last)
            {
                Instruction instruction = decoder.Decode();
                bool isZeros = instruction.Code == Iced.Intel.Code.Add_rm8_r8 && instruction.MemoryBase == Register.RAX;
                if (!isZeros && instruction.Mnemonic is not (Mnemonic.Nop or Mnemonic.Int3))
                {
                    findings.Add(new Finding(segment.Flags.ToString(), instruction.IP, $"no function: {instruction}"));
                }
            }
        }
        return findings.ToArray();
    }

    [Fact]
    public void BytesThatAreNoInstructionAreSeen()
    {
        MachineCode code = new CodeBuilder().Routine("Broken", a => a.db(0x06)).Build();
        Assert.True(code["Broken"].Instructions.Single().IsInvalid);
    }
}
