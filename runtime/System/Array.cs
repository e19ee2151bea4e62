namespace System;

/// <summary>Layout of every array: method table, length, elements. ilc reads the length from this field.</summary>
public abstract class Array
{
    private int _numComponents;

    public int Length => _numComponents;
}

internal class Array<T> : Array { }
