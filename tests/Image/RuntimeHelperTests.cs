using Skerry.Tests.Image.Checks;
using Skerry.Tests.Image.Elf;
using Xunit;

namespace Skerry.Tests.Image;

public sealed class RuntimeHelperTests
{
    [Theory]
    [InlineData("kernel")]
    [InlineData("boot")]
    public void TheImageDoesWithout(string name) =>
        FindingAssert.None(RuntimeHelperCheck.Run(ImageFiles.Elf(name).Symbols));

    [Theory]
    [InlineData("RhpNewFast")]
    [InlineData("RhpNewArrayFast")]
    [InlineData("RhpThrowEx")]
    [InlineData("RhpAssignRefRCX")]
    [InlineData("RhBox")]
    [InlineData("Skerry_Kernel_Skerry_Kernel_Panic_Console___cctor")]
    [InlineData("__GetNonGCStaticBase_Skerry_Kernel_Skerry_Kernel_Panic_Console")]
    [InlineData("System_Runtime_CompilerServices_ClassConstructorRunner__CheckStaticClassConstruction")]
    public void OneIsSeen(string symbol) =>
        Assert.NotEmpty(RuntimeHelperCheck.Run([new ElfSymbol(symbol, 0x1000, 8, true)]));
}
