namespace Skerry.Boot.Interrupts;

/// <summary>The registers of one I/O APIC, by their index.</summary>
public interface IIoApicRegisters
{
    uint Read(uint index);

    void Write(uint index, uint value);
}
