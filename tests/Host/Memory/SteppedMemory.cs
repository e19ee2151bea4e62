using Skerry.Base.Memory;

namespace Skerry.Tests.Host.Memory;

/// <summary>Words as <see cref="Interleavings"/> has them.</summary>
internal readonly struct SteppedMemory : ILockMemory
{
    public static int Read(ref int word) => Walker.Current!.Read(ref word);

    public static void Write(ref int word, int value) => Walker.Current!.Write(ref word, value);

    public static void WriteAndFence(ref int word, int value) => Walker.Current!.Exchange(ref word, _ => value);

    public static int Draw(ref int word) => Walker.Current!.Draw(ref word);

    public static void Wait() => Walker.Current!.Wait();
}

/// <summary>The same for a lock that forgets its fence.</summary>
internal readonly struct UnfencedMemory : ILockMemory
{
    public static int Read(ref int word) => SteppedMemory.Read(ref word);

    public static void Write(ref int word, int value) => SteppedMemory.Write(ref word, value);

    public static void WriteAndFence(ref int word, int value) => SteppedMemory.Write(ref word, value);

    public static int Draw(ref int word) => SteppedMemory.Draw(ref word);

    public static void Wait() => SteppedMemory.Wait();
}
