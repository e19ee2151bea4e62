namespace Skerry.Base.Generator.Model;

/// <summary>What reading an interface gave: its model, or mistakes and no model.</summary>
public sealed record InterfaceReading(InterfaceModel? Interface, EquatableArray<Mistake> Mistakes);
