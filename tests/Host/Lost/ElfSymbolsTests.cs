using System;
using System.Linq;
using System.Text;
using Skerry.Abi.Boot;
using Skerry.Core.Lost;
using Skerry.Tests.Image;
using Xunit;

namespace Skerry.Tests.Host.Lost;

/// <summary>Symbols of the linked kernel, and of files that are none.</summary>
public sealed class ElfSymbolsTests
{
    [Theory]
    [InlineData("KernelEntry")]
    [InlineData("__NONGCSTATICSSkerry_Kernel_Skerry_Kernel_Panic_KernelPanic")]
    public void ASymbolHasItsAddress(string name)
    {
        Assert.True(ElfSymbols.TryFind(ImageFiles.Bytes("kernel"), Encoding.ASCII.GetBytes(name), out ulong address));
        Assert.Equal(ImageFiles.Elf("kernel").Symbols.Single(symbol => symbol.Name == name).Address, address);
    }

    [Theory]
    [InlineData("KernelEntr")]
    [InlineData("KernelEntryX")]
    public void APartOfANameIsNone(string name) =>
        Assert.False(ElfSymbols.TryFind(ImageFiles.Bytes("kernel"), Encoding.ASCII.GetBytes(name), out _));

    /// <summary>Cut anywhere, the file has a symbol or it has none; nothing is read outside of it.</summary>
    [Fact]
    public void ABrokenFileIsReadWithinItsBounds()
    {
        byte[] kernel = ImageFiles.Bytes("kernel");
        var random = new Random(1);
        for (int i = 0; i < 200; i++)
        {
            byte[] broken = kernel.AsSpan(0, random.Next(kernel.Length)).ToArray();
            for (int change = 0; change < 8 && broken.Length > 64; change++)
            {
                broken[40 + random.Next(24)] = (byte)random.Next(256);
            }
            ElfSymbols.TryFind(broken, "KernelEntry"u8, out _);
        }
    }

    [Fact]
    public void ASignOutsideOfTheImageIsNone()
    {
        byte[] kernel = ImageFiles.Bytes("kernel");
        Assert.True(PanicSign.TryLocate(kernel, new PhysicalRange { Length = 1 << 20 }, out ulong offset));
        Assert.False(PanicSign.TryLocate(kernel, new PhysicalRange { Length = offset }, out _));
    }
}
