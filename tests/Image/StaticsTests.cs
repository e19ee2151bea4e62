using System.IO;
using CliWrap;
using CliWrap.Buffered;
using Skerry.Qemu;
using Skerry.Tests.Image.Checks;
using Skerry.Tests.Image.Elf;
using Xunit;

namespace Skerry.Tests.Image;

/// <summary>No image has a static that a runtime would have to initialise: none links with one.</summary>
public sealed class StaticsTests
{
    [Theory]
    [MemberData(nameof(ImageFiles.All), MemberType = typeof(ImageFiles))]
    public void AllAreComputed(string name) => FindingAssert.None(StaticsCheck.Run(ImageFiles.Elf(name).Symbols));

    [Theory]
    [InlineData("__GCSTATICSSkerry_Apps_X_A")]
    [InlineData("__GCStaticRegion")]
    [InlineData("__EagerCctor")]
    [InlineData("Skerry_Apps_X_A___cctor")]
    public void OneThatIsNotIsSeen(string symbol) =>
        Assert.NotEmpty(StaticsCheck.Run([new ElfSymbol(symbol, 0x1000, 8, false)]));

    [Theory]
    [InlineData("__GCStaticRegion", "a static holds a reference that the compiler could not make constant")]
    [InlineData("__EagerCctor", "a static has a value that the compiler could not compute")]
    [InlineData("Anything", "")]
    public async System.Threading.Tasks.Task TheLinkerRefusesIt(string symbol, string reason)
    {
        string directory = Directory.CreateTempSubdirectory("skerry-statics").FullName;
        try
        {
            string source = Path.Combine(directory, "x.s");
            File.WriteAllText(
                source,
                $".data\n.globl {symbol}\n{symbol}: .quad 0\n.text\n.globl _start\n_start: ret\n"
            );
            await Cli.Wrap("as").WithArguments(["--64", "-o", source + ".o", source]).ExecuteAsync();
            string scripts = Path.Combine(Repository.Locate().Root, "build/link");
            string script = Path.Combine(scripts, "component.ld");
            BufferedCommandResult linked = await Cli.Wrap("ld")
                .WithArguments([
                    .. (string[])["-static", "-T", script, Path.Combine(scripts, "statics.ld")],
                    .. (string[])[source + ".o", "-o", source + ".elf"],
                ])
                .WithValidation(CommandResultValidation.None)
                .ExecuteBufferedAsync();
            Assert.Equal(reason.Length != 0, linked.ExitCode != 0);
            Assert.Contains(reason, linked.StandardError);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
