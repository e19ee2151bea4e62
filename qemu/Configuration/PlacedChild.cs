namespace Skerry.Qemu.Configuration;

/// <summary>A child, the path that channels name it by, and its vcore unless core starts it.</summary>
public sealed record PlacedChild(string Path, ChildDescription Child, VcoreDescription? Vcore);
