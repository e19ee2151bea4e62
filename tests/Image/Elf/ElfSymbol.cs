namespace Skerry.Tests.Image.Elf;

/// <param name="Name">As the linker has it.</param>
/// <param name="Address">Where it lies.</param>
/// <param name="Size">In bytes.</param>
/// <param name="IsFunction">Whether it is code.</param>
internal sealed record ElfSymbol(string Name, ulong Address, ulong Size, bool IsFunction);
