namespace Skerry.Base.Memory;

/// <summary>
/// How a lock gets at words that other CPUs use, as a policy: tests put one in its place that goes through the orders in
/// which CPUs may take their steps.
/// </summary>
public interface ILockMemory
{
    /// <summary>No later access is done before it.</summary>
    static abstract int Read(ref int word);

    /// <summary>No earlier access is done behind it; but a later read of another word may be done before it.</summary>
    static abstract void Write(ref int word, int value);

    /// <summary>Writes, and no later access is done before others see it.</summary>
    static abstract void WriteAndFence(ref int word, int value);

    /// <summary>Adds one, as a step that nothing comes between; no access passes it.</summary>
    /// <returns>What was there before.</returns>
    static abstract int Draw(ref int word);

    /// <summary>In between two looks at a word that another CPU is to write.</summary>
    static abstract void Wait();
}
