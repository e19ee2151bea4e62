namespace System;

/// <summary>The root class. Its only field is the pointer to the method table that ilc lays out.</summary>
public class Object
{
    private nint _methodTable;

    public Object() { }
}

public abstract class ValueType { }

public abstract class Enum : ValueType { }

public class Attribute { }

/// <summary>Named by the compiler for <c>typeof</c> in attributes; nothing reflects on the target.</summary>
public class Type { }

/// <summary>Exists so that <c>throw</c> compiles where the language demands it; no code that throws links.</summary>
public class Exception { }

public abstract class Delegate { }

public abstract class MulticastDelegate : Delegate { }

public struct RuntimeTypeHandle
{
    private nint _value;
}

public struct RuntimeMethodHandle
{
    private nint _value;
}

public struct RuntimeFieldHandle
{
    private nint _value;
}

public interface IDisposable
{
    void Dispose();
}

public interface IEquatable<T>
{
    bool Equals(T other);
}
