namespace Skerry.Qemu.Machines;

/// <summary>What <see cref="KvmProbe"/> found.</summary>
/// <param name="Boot">Identity of the host's boot for which it holds.</param>
/// <param name="Works">Whether KVM can be used.</param>
/// <param name="Reason">Why, for a person.</param>
public sealed record KvmAnswer(string Boot, bool Works, string Reason);
