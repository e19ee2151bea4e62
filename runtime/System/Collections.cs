namespace System.Collections;

/// <summary>
/// The compiler asks for these two before it makes a loop with an index of <c>foreach</c> over an array. Nothing here
/// implements them.
/// </summary>
public interface IEnumerable
{
    IEnumerator GetEnumerator();
}

/// <inheritdoc cref="IEnumerable"/>
public interface IEnumerator
{
    object Current { get; }

    bool MoveNext();
}
