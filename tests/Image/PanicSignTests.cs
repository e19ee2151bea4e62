using System.Collections.Generic;
using System.Linq;
using System.Text;
using Iced.Intel;
using Skerry.Core.Lost;
using Xunit;

namespace Skerry.Tests.Image;

/// <summary>
/// The root's core reads another kernel's panic where KernelPanic.Begin writes it: at the statics of that class, and so
/// many bytes behind.
/// </summary>
public sealed class PanicSignTests
{
    private const string Begin = "Skerry_Kernel_Skerry_Kernel_Panic_KernelPanic__Begin";

    [Fact]
    public void ItIsTheWordThatAPanicExchanges()
    {
        string name = Encoding.ASCII.GetString(PanicSign.Symbol);
        ulong statics = ImageFiles.Elf("kernel").Symbols.Single(symbol => symbol.Name == name).Address;
        Assert.Equal(statics + PanicSign.Offset, Exchanged(ImageFiles.Code("kernel")[Begin].Instructions));
    }

    /// <summary>LEA of the statics, ADD of the offset, XCHG.</summary>
    private static ulong Exchanged(IEnumerable<Instruction> instructions)
    {
        Instruction[] first = [.. instructions.TakeWhile(instruction => instruction.Mnemonic != Mnemonic.Xchg)];
        ulong address = first.Last(instruction => instruction.Mnemonic == Mnemonic.Lea).IPRelativeMemoryAddress;
        IEnumerable<Instruction> added = first.Where(instruction => instruction.Mnemonic == Mnemonic.Add);
        return added.Aggregate(address, (sum, instruction) => sum + instruction.GetImmediate(1));
    }
}
